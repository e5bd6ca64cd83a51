import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ExchangeRefusalReason } from '../../../src/exchange/exchange-refusal.ts'
import { FAULT_WIRE_ERROR, wireErrorOf } from '../../../src/exchange/wire-error.ts'

/** `exact`: the detail is said; `short`: it is not, and all of these are said in the same words. */
type Said = 'exact' | 'short' | 'unavailable' | 'not there'

/** A new reason does not compile until it is decided here too. */
const WIRE: Readonly<
  Record<ExchangeRefusalReason, readonly [status: number, error: string, Said]>
> = {
  rate_limited: [429, 'temporarily_unavailable', 'exact'],
  body_too_large: [413, 'invalid_request', 'exact'],
  media_type_refused: [415, 'invalid_request', 'exact'],
  form_malformed: [400, 'invalid_request', 'exact'],
  parameter_repeated: [400, 'invalid_request', 'exact'],
  parameter_missing: [400, 'invalid_request', 'exact'],
  parameter_refused: [400, 'invalid_request', 'exact'],
  grant_type_refused: [400, 'unsupported_grant_type', 'exact'],
  token_type_refused: [400, 'invalid_request', 'exact'],
  actor_refused: [400, 'invalid_request', 'exact'],
  scope_refused: [400, 'invalid_scope', 'exact'],
  client_authentication_refused: [400, 'invalid_client', 'exact'],
  authorization_refused: [401, 'invalid_client', 'exact'],
  target_refused: [400, 'invalid_target', 'exact'],
  issuer_not_found: [404, 'not_found', 'not there'],
  publish_only: [404, 'not_found', 'not there'],
  issuer_deleted: [410, 'issuer_deleted', 'exact'],
  no_policy: [400, 'unauthorized_client', 'exact'],
  no_active_key: [503, 'temporarily_unavailable', 'unavailable'],
  subject_token_too_long: [400, 'invalid_request', 'exact'],
  subject_token_malformed: [400, 'invalid_request', 'exact'],
  header_refused: [400, 'invalid_request', 'exact'],
  algorithm_refused: [400, 'invalid_request', 'exact'],
  type_refused: [400, 'invalid_request', 'exact'],
  claims_refused: [400, 'invalid_request', 'exact'],
  expired: [400, 'invalid_request', 'exact'],
  not_yet_valid: [400, 'invalid_request', 'exact'],
  too_old: [400, 'invalid_request', 'exact'],
  audience_refused: [400, 'invalid_request', 'exact'],
  issuer_unknown: [400, 'invalid_request', 'short'],
  key_unknown: [400, 'invalid_request', 'short'],
  signature_wrong: [400, 'invalid_request', 'short'],
  key_ambiguous: [400, 'invalid_request', 'short'],
  own_key: [400, 'invalid_request', 'short'],
  key_set_unavailable: [503, 'temporarily_unavailable', 'unavailable'],
  condition_not_met: [400, 'invalid_request', 'short'],
  expression_failed: [400, 'invalid_request', 'short'],
  audience_not_allowed: [400, 'invalid_target', 'short'],
  subject_not_prefixed: [400, 'invalid_request', 'short'],
  limit_exceeded: [400, 'invalid_request', 'short'],
  lifetime_too_short: [400, 'invalid_request', 'exact'],
  issued_token_refused: [400, 'invalid_request', 'short'],
}

const REASONS = Object.keys(WIRE) as ExchangeRefusalReason[]
const SHORT =
  'the subject token is not accepted for this; the operator of this issuer finds the reason under request id id-1'
const TEXTS: Readonly<Record<Said, string>> = {
  exact: 'the detail',
  short: SHORT,
  unavailable: 'no token can be issued now; try again',
  'not there':
    "there is no token endpoint here: check the issuer's URL (an issuer that only publishes keys has none)",
}

test.each(REASONS)('what the wire says of %s', (reason) => {
  const [status, error, said] = WIRE[reason]
  const wire = wireErrorOf({ reason, detail: 'the detail' }, 'id-1')
  expect([wire.status, wire.error, wire.description]).toStrictEqual([status, error, TEXTS[said]])
  expect(wire.retryAfterSeconds !== undefined).toBe(status === 429 || status === 503)
})

test('every reason, as a page to review', async () => {
  const lines = REASONS.map((reason) => {
    const wire = wireErrorOf({ reason, detail: '{detail}' }, '{request id}')
    const retry =
      wire.retryAfterSeconds === undefined ? '' : ` (again in ${wire.retryAfterSeconds} s)`
    return `${reason.padEnd(30)} ${wire.status} ${wire.error}: ${wire.description}${retry}`
  })
  const file = join(import.meta.dirname, '../../golden/exchange/wire-errors.txt')
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(file)
})

test('a fault says as much as a key set that cannot be had', () => {
  const { description, ...form } = wireErrorOf({ reason: 'key_set_unavailable', detail: '' }, 'x')
  expect(FAULT_WIRE_ERROR).toStrictEqual({ ...form, description })
})

describe('a description has the characters of RFC 6749 alone', () => {
  test.each<[detail: string, said: string]>([
    ['got "x"', "got 'x'"],
    [String.raw`got \u{1b}`, 'got /u{1b}'],
    ['got größe…', 'got gr??e?'],
    ['two\nlines\tand \u007F', 'two?lines?and ?'],
  ])('%j', (detail, said) => {
    const { description } = wireErrorOf({ reason: 'expired', detail }, 'id')
    expect(description).toBe(said)
    expect(description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/)
  })
})
