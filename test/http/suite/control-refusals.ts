/**
 * What the control API refuses of bodies, ids and conditions. Each refusal leaves the issuer as it was.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { CUSTODIES } from '../../../src/signers/key-manager.ts'
import { control, createIssuer, newIssuerId } from '../../support/hosts/control-client.ts'
import type { TestHost, TestRequest } from '../../support/hosts/test-host.ts'
import { leavingUnchanged, refusalProblems } from './refusals.ts'

type Body = Exclude<TestRequest['body'], undefined>

/** A promise to clients, so it is said here again. */
const BODY_BYTES_MAX = 262_144

const JSON_TYPE = { 'Content-Type': 'application/json' }
const NO_JSON = 'the body must be JSON in UTF-8'
const NO_OBJECT = 'must be a JSON object'

/** Bodies that are refused wherever a body is taken. */
const BAD_BODIES: [title: string, body: Body, says: string][] = [
  ['nothing', '', NO_JSON],
  ['half a JSON text', '{"id":', NO_JSON],
  ['two JSON texts', '{}{}', NO_JSON],
  ['a comment', '{/* */}', NO_JSON],
  ['a trailing comma', '{"id":"x",}', NO_JSON],
  ['a form', 'id=x&policy=y', NO_JSON],
  ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), NO_JSON],
  ['UTF-16', new Uint8Array(Buffer.from('{"id":"x"}', 'utf16le')), NO_JSON],
  ['null', 'null', NO_OBJECT],
  ['a list', '[{"id":"x"}]', NO_OBJECT],
  ['a string', '"x"', NO_OBJECT],
  ['a number', '1', NO_OBJECT],
  ['true', 'true', NO_OBJECT],
  ['an unknown member', '{"evil":1}', 'unknown member "evil": known are'],
  ['the prototype as a member', '{"__proto__":{"id":"x"}}', 'unknown member "__proto__"'],
  ['deep lists', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, NO_OBJECT],
  ['very many unknown members', manyMembers(3000), 'unknown member "k0"'],
]

const SETTINGS: [title: string, policy: unknown, says: string][] = [
  ['a policy that is null', null, 'policy must be a JSON object, got null'],
  ['a policy that is a list', [], 'policy must be a JSON object, got a list'],
  ['an unknown setting', { evil: 1 }, 'unknown member "policy.evil": known are'],
  ['a duration as text', { jwksMaxAgeSeconds: '600' }, 'from 60 to 86400, got "600"'],
  ['half a second', { jwksMaxAgeSeconds: 600.5 }, 'from 60 to 86400, got 600.5'],
  ['a duration that is null', { jwksMaxAgeSeconds: null }, 'from 60 to 86400, got null'],
  ['a duration that is too short', { jwksMaxAgeSeconds: 59 }, 'from 60 to 86400, got 59'],
  ['a duration that is negative', { jwksMaxAgeSeconds: -1 }, 'from 60 to 86400, got -1'],
  ['a duration that is too long', { jwksMaxAgeSeconds: 86_401 }, 'from 60 to 86400, got 86401'],
  ['a duration beyond all numbers', { tokenTtlMaxSeconds: 1e300 }, 'from 600 to 86400, got 1e+300'],
  ['tokens that are too short', { tokenTtlMaxSeconds: 599 }, 'from 600 to 86400, got 599'],
  ['an algorithm that is none', { algorithm: 'none' }, 'must be one of RS256, ES256'],
  ['an algorithm in lower case', { algorithm: 'rs256' }, 'must be one of RS256, ES256'],
  ['a custody that there is not', { custody: 'clear' }, 'one of kms, kms-wrapped, sealed, none'],
  ['a custody that is null', { custody: null }, 'one of kms, kms-wrapped, sealed, none'],
  ['a delay within which caches are old', { propagationDelaySeconds: 0 }, 'must be at least'],
  ['a delay as long as the period', { rotationPeriodSeconds: 86_400 }, 'must be more than'],
]

export function describeControlRefusals(getHost: () => TestHost): void {
  let shared = ''

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
  })

  const send = (method: string, path: string, init: TestRequest) =>
    leavingUnchanged(getHost(), shared, () =>
      control(getHost(), method, path.replace('{id}', shared), init),
    )

  describe.each([
    ['POST', '/issuers'],
    ['PATCH', '/issuers/{id}'],
    ['DELETE', '/issuers/{id}'],
    ['POST', '/issuers/{id}/tokens'],
    ['POST', '/issuers/{id}/rotate'],
    ['POST', '/issuers/{id}/sweep'],
  ])('%s %s', (method, path) => {
    test.each(BAD_BODIES)('refuses %s', async (_title, body, says) => {
      const response = await send(method, path, { headers: JSON_TYPE, body })
      expect(
        refusalProblems(response, { status: 400, error: 'invalid_request', says }),
      ).toStrictEqual([])
    })

    test.each([
      ['plain text', 'text/plain'],
      ['a form', 'application/x-www-form-urlencoded'],
      ['multipart', 'multipart/form-data; boundary=x'],
      ['a JSON of another kind', 'application/json5'],
      ['several types', 'text/plain, application/json'],
    ])('refuses %s as content type', async (_title, type) => {
      const init = { headers: { 'Content-Type': type }, body: '{}' }
      expect(
        refusalProblems(await send(method, path, init), {
          status: 415,
          error: 'unsupported_media_type',
          says: 'the body must have Content-Type: application/json',
        }),
      ).toStrictEqual([])
    })

    test('refuses a body without a content type', async () => {
      const { id } = await createIssuer(getHost())
      // As bytes: a text would get a content type of its own from some clients.
      const body = new Uint8Array(Buffer.from('{"reason":"half'))
      const response = await leavingUnchanged(getHost(), id, () =>
        control(getHost(), method, path.replace('{id}', id), { body }),
      )
      expect(
        refusalProblems(response, {
          status: 415,
          error: 'unsupported_media_type',
          says: 'the body must have Content-Type: application/json',
        }),
      ).toStrictEqual([])
    })

    test.each<[title: string, body: Body]>([
      ['one byte too long', `{}${' '.repeat(BODY_BYTES_MAX - 1)}`],
      ['much too long', ' '.repeat(4 * BODY_BYTES_MAX)],
      ['too long in pieces without a length', ['{}', ...Array<string>(260).fill(' '.repeat(1024))]],
    ])('refuses a body that is %s', async (_title, body) => {
      expect(
        refusalProblems(await send(method, path, { headers: JSON_TYPE, body }), {
          status: 413,
          error: 'body_too_large',
          says: `at most ${BODY_BYTES_MAX} bytes`,
        }),
      ).toStrictEqual([])
    })
  })

  test('takes a body of the longest length, and one in pieces', async () => {
    const json = JSON.stringify({ id: newIssuerId(), policy: { algorithm: 'ES256' } })
    const whole = { headers: JSON_TYPE, body: json.padEnd(BODY_BYTES_MAX) }
    expect((await control(getHost(), 'POST', '/issuers', whole)).status).toBe(201)
    const pieces = { headers: JSON_TYPE, body: ['{"policy":', '{"jwksMax', 'AgeSeconds":120}}'] }
    expect((await control(getHost(), 'PATCH', `/issuers/${shared}`, pieces)).status).toBe(200)
  })

  test.each([
    ['with a charset', 'application/json; charset=utf-8'],
    ['in upper case', 'APPLICATION/JSON'],
  ])('takes JSON %s', async (_title, type) => {
    const json = JSON.stringify({ id: newIssuerId(), policy: { algorithm: 'ES256' } })
    const init = { headers: { 'Content-Type': type }, body: json }
    expect((await control(getHost(), 'POST', '/issuers', init)).status).toBe(201)
  })

  test.each(SETTINGS)('refuses %s, on creation and update', async (_title, policy, says) => {
    const id = newIssuerId()
    const refusal = { status: 400, error: 'invalid_request', says }
    const created = await control(getHost(), 'POST', '/issuers', { json: { id, policy } })
    expect(refusalProblems(created, refusal)).toStrictEqual([])
    expect((await control(getHost(), 'GET', `/issuers/${id}`)).status).toBe(404)
    const body = JSON.stringify({ policy })
    expect(
      refusalProblems(await send('PATCH', '/issuers/{id}', { headers: JSON_TYPE, body }), refusal),
    ).toStrictEqual([])
  })

  test('refuses the custodies of other hosts', async () => {
    const { custodies } = getHost().traits
    const others = CUSTODIES.filter((custody) => !custodies.includes(custody))
    expect(others.length).toBeGreaterThan(0)
    for (const custody of others) {
      const json = { id: newIssuerId(), policy: { custody } }
      const created = await control(getHost(), 'POST', '/issuers', { json })
      const says = `custody must be one of ${custodies.join(', ')} on this host, got "${custody}"`
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(created, refusal)).toStrictEqual([])
      expect((await control(getHost(), 'GET', `/issuers/${json.id}`)).status).toBe(404)
    }
  })

  test.each([
    ['a reason that is empty', ''],
    ['a reason of two lines', 'a\nb'],
    ['a reason that turns the line round', 'a\u202eb'],
    ['a reason that is too long', 'a'.repeat(501)],
    ['a reason that is a number', 1],
  ])('refuses %s', async (_title, reason) => {
    const body = JSON.stringify({ reason })
    const response = await send('DELETE', '/issuers/{id}', { headers: JSON_TYPE, body })
    const says = 'reason must be 1 to 500 printable characters'
    expect(
      refusalProblems(response, { status: 400, error: 'invalid_request', says }),
    ).toStrictEqual([])
  })
}

function manyMembers(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1])))
}
