import { expect, test } from 'vitest'
import { parseDefaultCustody } from '../../../src/config/default-custody.ts'
import type { KeyCustody } from '../../../src/signers/key-manager.ts'

type Configured = readonly KeyCustody[]

test.each<[unknown, Configured, KeyCustody | undefined]>([
  [undefined, ['kms', 'sealed'], 'kms'],
  ['', ['sealed', 'kms'], 'sealed'],
  ['sealed', ['kms', 'sealed'], 'sealed'],
  ['kms-wrapped', ['kms-wrapped'], 'kms-wrapped'],
  // Whatever keeps a host from having a custody is a problem already.
  [undefined, [], undefined],
  ['kms', [], undefined],
])('%j of %j is %s', (value, configured, expected) => {
  const problems: string[] = []
  expect(parseDefaultCustody(value, configured, problems)).toBe(expected)
  expect(problems).toEqual([])
})

test.each<[unknown, string]>([
  ['kms-wrapped', '"kms-wrapped"'],
  ['none', '"none"'],
  ['KMS', '"KMS"'],
  ['kms ', '"kms "'],
  [['kms'], 'a list'],
  [7, '7'],
  [null, 'null'],
])('%j is none of those that are configured', (value, given) => {
  const problems: string[] = []
  expect(parseDefaultCustody(value, ['kms', 'sealed'], problems)).toBeUndefined()
  expect(problems).toEqual([
    `DEFAULT_CUSTODY must be one that is configured here (kms, sealed), got ${given}: choose one of these, or leave it out`,
  ])
})
