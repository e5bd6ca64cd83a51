import { describe, expect, test } from 'vitest'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import type { VerificationKey } from '../../../src/subject-tokens/verification-key.ts'
import { inlineKeys, policyEntry } from '../../support/policy-entries.ts'
import { subjectClaims } from '../../support/subject-tokens.ts'
import { checkOf, explained, inline, key, other } from './policy-explained.ts'

interface Row {
  readonly keys: PolicyEntry['keys']
  readonly sent?: string
  readonly givenKeys?: readonly VerificationKey[]
}

describe('keys', () => {
  const token = key.sign(subjectClaims())
  const forged = other.sign(subjectClaims(), { kid: key.kid })
  const another: PolicyEntry['keys'] = { jwks: { keys: [other.jwk] } }
  const discovery: PolicyEntry['keys'] = { discovery: true }
  const adopted: PolicyEntry['keys'] = { adopted: true }
  const UNKNOWN_KEY = /has a key of its kid/
  const FORGED = /does not verify its signature/

  test.each([
    ['of the entry', { keys: inline }, 'yes', `${key.kid} of the entry verifies it`],
    ['of the entry, another one', { keys: another }, 'no', UNKNOWN_KEY],
    ['of the entry, another signature', { keys: inline, sent: forged }, 'no', FORGED],
    ['of the entry, whatever is given', { keys: another, givenKeys: [key] }, 'no', UNKNOWN_KEY],
    ['discovered', { keys: discovery }, 'unknown', /not checked: .*discovery.*--jwks/],
    ['discovered, given', { keys: discovery, givenKeys: [other, key] }, 'yes', /of --jwks/],
    ['discovered, others given', { keys: discovery, givenKeys: [other] }, 'no', UNKNOWN_KEY],
    ['discovered, forged', { keys: discovery, givenKeys: [key], sent: forged }, 'no', FORGED],
    ['adopted', { keys: adopted }, 'unknown', /not checked: .*adopted.*--jwks/],
    ['adopted, given', { keys: adopted, givenKeys: [key] }, 'yes', /of --jwks/],
    ['adopted, others given', { keys: adopted, givenKeys: [other] }, 'no', UNKNOWN_KEY],
  ])('%s', async (_title, { keys, sent = token, givenKeys }: Row, answer, detail) => {
    const explanation = await explained([policyEntry({ keys })], sent, { givenKeys })
    expect(explanation.accepts).toBe(answer)
    expect(explanation.accepted).toBe(answer === 'yes' ? 'prod' : undefined)
    expect(checkOf(explanation, 'key')).toMatchObject({ answer })
    expect(checkOf(explanation, 'key')?.detail).toMatch(detail)
  })
})

describe('several entries', () => {
  const token = key.sign(subjectClaims())
  const subject = 'entry.name + ":" + claims.sub'
  const named = (name: string, keys: PolicyEntry['keys'], condition = 'true'): PolicyEntry =>
    policyEntry({ name, keys, condition, token: { subject } })

  test('the key selects one of the same issuer', async () => {
    const entries = [named('a', inlineKeys()), named('b', inline), named('c', inlineKeys())]
    const explanation = await explained(entries, token)
    expect(explanation).toMatchObject({ accepted: 'b', accepts: 'yes' })
    expect(explanation.entries.map(({ accepts }) => accepts)).toEqual(['no', 'yes', 'no'])
  })

  test('the key selects before the condition', async () => {
    const entries = [named('a', inlineKeys()), named('b', inline, 'false')]
    const explanation = await explained(entries, token)
    expect(explanation).toMatchObject({ accepts: 'no', verdict: 'no entry takes the token' })
    expect(checkOf(explanation, 'key', 0)).toMatchObject({ answer: 'no' })
    expect(checkOf(explanation, 'key', 1)).toMatchObject({ answer: 'yes' })
  })
})
