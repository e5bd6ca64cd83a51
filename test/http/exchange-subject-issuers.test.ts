/**
 * Subject issuers that are slow, huge, elsewhere, somebody else or not there: their tokens are refused for now, and a host
 * asks them no more than it must.
 */

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { bodyOf, createIssuer } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import type { TestHost, TestResponse } from '../support/hosts/test-host.ts'
import { workerHost } from '../support/hosts/worker.ts'
import { policyEntry } from '../support/policy-entries.ts'
import {
  startSubjectIssuer,
  type SubjectIssuer,
  type SubjectIssuerState,
} from '../support/subject-issuer.ts'
import { newSubjectKey, type SubjectKey } from '../support/subject-tokens.ts'
import { heldDeadlines } from '../support/workerd/held-deadlines.ts'
import { auditOf, exchanging, setEntries } from './suite/exchanging.ts'

const MAX_AGE_SECONDS = 600
const STALE_SECONDS = 3600
const COOLDOWN_SECONDS = 30
const FETCHED = ['discovery', 'jwks']

interface Discovered {
  readonly subjects: SubjectIssuer
  readonly key: SubjectKey
  /** With a token of this key, which the subject issuer signed. */
  readonly exchange: (key?: SubjectKey) => Promise<TestResponse>
  /** The status and the reason of its record. */
  readonly outcome: (key?: SubjectKey) => Promise<string>
}

/** An issuer that trusts one subject issuer by discovery, and another entry with the key `inline` beside it. */
async function discovered(
  host: TestHost,
  state: (key: SubjectKey, keys: readonly object[]) => Partial<SubjectIssuerState> = () => ({}),
  inline = newSubjectKey('ES256'),
): Promise<Discovered> {
  const key = newSubjectKey('ES256')
  const subjects = await startSubjectIssuer({ keys: [key.jwk], ...state(key, [key.jwk]) })
  onTestFinished(() => subjects[Symbol.asyncDispose]())
  const issuer = await exchanging(host, await createIssuer(host), inline)
  const token = { subject: 'entry.name + ":" + claims.sub', audiences: ['sts.amazonaws.com'] }
  await setEntries(host, issuer.id, [
    policyEntry({ name: 'far', issuer: subjects.issuer, keys: { discovery: true }, token }),
    policyEntry({ name: 'near', keys: { jwks: { keys: [inline.jwk] } }, token }),
  ])
  const { iat, exp, aud } = { iat: issuer.madeAt, exp: issuer.madeAt + 36_000, aud: issuer.issuer }
  const exchange: Discovered['exchange'] = (by = key) => {
    const iss = by === inline ? 'https://cluster.example.net' : subjects.issuer
    return issuer.exchange({ subject_token: by.sign({ iss, sub: 'job', aud, iat, exp }) })
  }
  const outcome: Discovered['outcome'] = async (by) => {
    const answer = await exchange(by)
    const [record] = await auditOf(host, answer)
    return `${answer.status} ${String(record?.['reason'] ?? record?.['event'])}`
  }
  return { subjects, key, exchange, outcome }
}

type Row = readonly [
  title: string,
  asked: readonly string[],
  state: (key: SubjectKey) => Partial<SubjectIssuerState>,
]

const says =
  (members: SubjectIssuerState['members']): Row[2] =>
  () => ({ members })
const publishes =
  (keys: readonly object[]): Row[2] =>
  () => ({ keys })
const SECRET = { kty: 'oct', kid: 'a', alg: 'HS256', k: 'c2VjcmV0' }

const BEHAVIOURS = ['huge', 'redirecting', 'html', 'not-json', 'failing', 'down'] as const
const ROWS: readonly Row[] = [
  ...BEHAVIOURS.map((discovery): Row => [
    `${discovery} itself`,
    ['discovery'],
    () => ({ discovery }),
  ]),
  ...BEHAVIOURS.map((jwks): Row => [`${jwks} with its keys`, FETCHED, () => ({ jwks })]),
  ['another issuer', ['discovery'], says({ issuer: 'https://other.example' })],
  ['another issuer on this machine', ['discovery'], says({ issuer: 'http://127.0.0.1:1' })],
  ['nobody', ['discovery'], says({ issuer: null })],
  ['without keys', ['discovery'], says({ jwks_uri: undefined })],
  ['with keys on another host', ['discovery'], says({ jwks_uri: 'https://evil.example/keys' })],
  ['with keys on another port', ['discovery'], says({ jwks_uri: 'http://127.0.0.1:9/keys' })],
  ['with keys in a file', ['discovery'], says({ jwks_uri: 'file:///etc/passwd' })],
  ['with keys at a metadata service', ['discovery'], says({ jwks_uri: 'http://169.254.169.254/' })],
  ['with keys in a private network', ['discovery'], says({ jwks_uri: 'https://10.0.0.1/keys' })],
  ['with no key', FETCHED, publishes([])],
  ['with a secret for a key', FETCHED, publishes([SECRET])],
  [
    'with its private key',
    FETCHED,
    ({ privateKey, kid }) => ({ keys: [{ ...privateKey.export({ format: 'jwk' }), kid }] }),
  ],
  ['with 101 keys', FETCHED, ({ jwk }) => ({ keys: Array.from({ length: 101 }, () => jwk) })],
]

const HOSTS: readonly [name: string, make: () => Promise<TestHost>][] = [
  ['in process', async () => inProcessHost()],
  ['the Worker', () => workerHost()],
]

describe.each(HOSTS)('%s', (_name, make) => {
  let host: TestHost

  beforeAll(async () => {
    host = await make()
  })

  afterAll(() => host.close())

  test.each(ROWS)('has no keys of an issuer that is %s', async (_title, asked, state) => {
    const inline = newSubjectKey('ES256')
    const { subjects, exchange, outcome } = await discovered(host, state, inline)
    const answer = await exchange()
    expect([answer.status, bodyOf(answer)]).toStrictEqual([
      503,
      {
        error: 'temporarily_unavailable',
        error_description: 'no token can be issued now; try again',
      },
    ])
    expect(answer.headers['retry-after']).toBe('5')
    expect(await auditOf(host, answer)).toMatchObject([
      { event: 'token_refused', reason: 'key_set_unavailable', subjectVerified: false },
    ])
    // It is not asked again at once, and nothing where it sends us.
    expect(await outcome()).toBe('503 key_set_unavailable')
    expect(subjects.asked).toStrictEqual(asked)
    // Others do not suffer for it.
    expect(await outcome(inline)).toBe('200 token_issued')
  })

  test('asks a good issuer once for many tokens', async () => {
    const { subjects, outcome } = await discovered(host)
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome()))
    expect(new Set(outcomes)).toStrictEqual(new Set(['200 token_issued']))
    expect(subjects.asked).toStrictEqual(FETCHED)
  })

  test('takes no key that another entry has too', async () => {
    const inline = newSubjectKey('ES256')
    const { key, outcome, subjects } = await discovered(
      host,
      ({ jwk }) => ({ keys: [jwk, inline.jwk] }),
      inline,
    )
    expect(await outcome(key)).toBe('200 token_issued')
    // Signed by the key that both have, in the name of the issuer that is discovered.
    const forged: SubjectKey = { ...inline }
    expect(await outcome(forged)).toBe('400 key_ambiguous')
    expect(subjects.asked).toStrictEqual(FETCHED)
  })

  test('asks once for kids that nobody knows', async () => {
    const { subjects, outcome } = await discovered(host)
    expect(await outcome()).toBe('200 token_issued')
    const strangers = Array.from({ length: 5 }, () => newSubjectKey('ES256'))
    for (const stranger of strangers) expect(await outcome(stranger)).toBe('400 key_unknown')
    expect(subjects.asked.length).toBeLessThanOrEqual(2 * FETCHED.length)
  })
})

/** A host whose clock and deadlines are in the hand of the test. */
function clocked() {
  const held = heldDeadlines()
  const host = inProcessHost({ deadline: held.deadline })
  const wait = (seconds: number): void => void (host.clock.seconds += seconds)
  return { host, wait, pass: () => held.pass(5000) }
}

describe('in time', () => {
  test.each(FETCHED)('an issuer whose %s is slow is given up after 5 s', async (document) => {
    const { host, pass } = clocked()
    const { exchange, subjects, outcome } = await discovered(host, () => ({ [document]: 'slow' }))
    const answer = exchange()
    await expect.poll(() => subjects.asked.at(-1)).toBe(document)
    expect(pass()).toBe(1)
    expect((await answer).status).toBe(503)
    const asked = subjects.asked.length
    expect(await outcome()).toBe('503 key_set_unavailable')
    expect(subjects.asked).toHaveLength(asked)
  })

  test('an issuer that is back is asked again after a while', async () => {
    const { host, wait } = clocked()
    const { subjects, outcome } = await discovered(host, () => ({ discovery: 'down' }))
    expect(await outcome()).toBe('503 key_set_unavailable')
    subjects.change({ discovery: 'right' })
    wait(COOLDOWN_SECONDS - 1)
    expect(await outcome()).toBe('503 key_set_unavailable')
    wait(1)
    expect(await outcome()).toBe('200 token_issued')
  })

  test('an issuer that becomes another one keeps its keys for a while, and gets no new ones', async () => {
    const { host, wait } = clocked()
    const { subjects, key, outcome } = await discovered(host)
    expect(await outcome()).toBe('200 token_issued')
    const next = newSubjectKey('ES256')
    const members = { issuer: 'https://other.example' }
    subjects.change({ members, keys: [key.jwk, next.jwk] })
    wait(MAX_AGE_SECONDS)
    expect(await outcome(next)).toBe('503 key_set_unavailable')
    expect(await outcome()).toBe('200 token_issued')
    wait(STALE_SECONDS)
    expect(await outcome()).toBe('503 key_set_unavailable')
  })

  test('a key that an issuer withdraws verifies until its set is old, and then no more', async () => {
    const { host, wait } = clocked()
    const { subjects, outcome } = await discovered(host)
    expect(await outcome()).toBe('200 token_issued')
    const next = newSubjectKey('ES256')
    subjects.change({ keys: [next.jwk] })
    wait(MAX_AGE_SECONDS - 1)
    expect(await outcome()).toBe('200 token_issued')
    wait(1)
    expect(await outcome()).toBe('400 key_unknown')
    expect(await outcome(next)).toBe('200 token_issued')
  })

  test('a key that is new is there with its first token', async () => {
    const { host, wait } = clocked()
    const { subjects, key, outcome } = await discovered(host)
    expect(await outcome()).toBe('200 token_issued')
    const next = newSubjectKey('ES256')
    subjects.change({ keys: [key.jwk, next.jwk] })
    wait(COOLDOWN_SECONDS)
    expect(await outcome(next)).toBe('200 token_issued')
    expect(subjects.asked).toStrictEqual([...FETCHED, ...FETCHED])
  })
})
