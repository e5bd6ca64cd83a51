import { expect, test } from 'vitest'
import { policyRemarks } from '../../../src/policies/policy-remarks.ts'
import { compiledPolicy, policyEntries } from '../../support/policy-entries.ts'

const remarkOf = (place: number, name: string): string =>
  `entries.${place}.condition is always true: everyone who has a token of https://${name}.example.net is let in`

test.each<[string, boolean]>([
  ['true', true],
  ['1 == 1 && !false', true],
  ['false', false],
  ['claims.sub == "job"', false],
  ['claims.admin', false],
  ['request.audience == "a"', false],
])('a condition of %s is worth a remark: %s', async (condition, isRemarked) => {
  const entries = policyEntries(['eu'], { condition })
  const remarks = policyRemarks({ entries }, await compiledPolicy(entries))
  expect(remarks).toEqual(isRemarked ? [remarkOf(0, 'eu')] : [])
})

test('each entry has its own, in its place', async () => {
  const entries = [
    ...policyEntries(['eu'], { condition: 'true' }),
    ...policyEntries(['us'], { condition: 'claims.sub == "job"' }),
    ...policyEntries(['ap'], { condition: 'true' }),
  ]
  const remarks = policyRemarks({ entries }, await compiledPolicy(entries))
  expect(remarks).toEqual([remarkOf(0, 'eu'), remarkOf(2, 'ap')])
})
