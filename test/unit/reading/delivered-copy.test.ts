import { expect, test } from 'vitest'
import { formatStoredIssuer } from '../../../src/issuers/issuer-codec.ts'
import { formatStoredPolicy } from '../../../src/policies/policy-codec.ts'
import { deliveredCopy, publicCopyBody } from '../../../src/reading/public-copy-body.ts'
import { anIssuer } from '../../support/fixtures.ts'
import { aStoredPolicy } from '../../support/stored-policies.ts'

test('nothing of an exchange policy is delivered, and of an issuer its public copy', () => {
  expect(deliveredCopy('policies/prod', formatStoredPolicy(aStoredPolicy()))).toBeUndefined()
  const stored = formatStoredIssuer(anIssuer())
  expect(deliveredCopy('issuers/prod', stored)).toBe(publicCopyBody('issuers/prod', stored))
  expect(deliveredCopy('issuers/policies', formatStoredIssuer(anIssuer({ id: 'policies' })))).toBe(
    publicCopyBody('issuers/policies', formatStoredIssuer(anIssuer({ id: 'policies' }))),
  )
})
