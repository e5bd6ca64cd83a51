import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { waitSentence } from '../../../../src/cli/commands/wait-sentence.ts'
import { rotationAnswer, type WaitAnswer } from '../../../../src/cli/host/rotation-answers.ts'
import type { RotationWait } from '../../../../src/keyring/rotation-plan.ts'
import type { ObservationProblem } from '../../../../src/publication/observation.ts'

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000
const DAY = 86_400

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

/** As it arrives: what a host says goes through the form first. */
function answered(wait: object): WaitAnswer | undefined {
  const report = { id: 'prod', revision: 7, dryRun: false, actions: [], nextMoment: null }
  return rotationAnswer.parse({ ...report, waits: [wait] }).waits[0]
}

function sentenceOf(wait: object): string | undefined {
  const parsed = answered(wait)
  return parsed && waitSentence(parsed, 'prod', NOW)
}

const WAITS: Readonly<Record<RotationWait['reason'], readonly [RotationWait, string]>> = {
  successor_not_seen: [
    { reason: 'successor_not_seen', kid: 'a', publishedAt: NOW - DAY },
    'the public documents do not show a, published 2027-01-14 08:00:00 (1 d ago), so it does not sign yet',
  ],
  successor_seen_once: [
    { reason: 'successor_seen_once', kid: 'a', until: NOW + 600 },
    'the public documents have shown a once, and count again from 2027-01-15 08:10:00 (in 10 min)',
  ],
  successor_not_verified: [
    { reason: 'successor_not_verified', kid: 'a' },
    'a could not prove itself by a signature that its published key verifies: the log of the host says why',
  ],
  policy_not_seen: [
    { reason: 'policy_not_seen', revision: 6 },
    'the public documents do not show the policy of revision 6 yet, so longer old values stay in force',
  ],
  not_observed: [
    { reason: 'not_observed', problem: 'redirected', message: 'https://a.example redirects' },
    'the host could not look at its public documents: https://a.example redirects',
  ],
  key_being_made: [
    { reason: 'key_being_made', until: NOW + 1200 },
    'another run is making a key, and has until 2027-01-15 08:20:00 (in 20 min)',
  ],
  too_many_leftovers: [
    { reason: 'too_many_leftovers', count: 9 },
    '9 times a key was begun of which nobody knows whether it was made, so none is begun now; a sweep clears them (signet keys sweep prod): see why its place fails',
  ],
  key_set_full: [
    { reason: 'key_set_full', keyType: 'RSA' },
    'the JWK Set has as many RSA keys as relying parties read, so none is made until one leaves it',
  ],
}

const CONFIRM =
  '; where the host alone cannot read them, have a job elsewhere run "signet keys confirm prod"'

/** Of a host that gives no message, and whether a look from elsewhere may help. */
const PROBLEMS: Readonly<
  Record<ObservationProblem | 'asleep', readonly [text: string, advice: string]>
> = {
  unreachable: ['they cannot be reached from there', CONFIRM],
  timed_out: ['they took too long', CONFIRM],
  redirected: ['they answer with a redirect', ''],
  bad_status: ['they answer with another status than 200', ''],
  too_large: ['they are too large', ''],
  not_a_discovery_document: ['what answers has no discovery document', ''],
  wrong_issuer: ["the discovery document is another issuer's", ''],
  wrong_jwks_uri: ['the discovery document leads elsewhere for the keys', ''],
  not_a_jwk_set: ['what answers has no JWK Set', ''],
  no_ring_version: ['the JWK Set comes without the header Signet-Ring-Version', ''],
  asleep: ['asleep', ''],
}

/** What is said of public documents that could not be read. */
function unreadSentence(members: object): string | undefined {
  return sentenceOf({ reason: 'not_observed', ...members })
}

describe('public documents that could not be read', () => {
  const failed = 'the host could not look at its public documents'

  test.each(Object.entries(PROBLEMS))('(%s) have a sentence', (problem, [text, advice]) => {
    expect(unreadSentence({ problem })).toBe(`${failed} (${text})${advice}`)
  })

  test.each(Object.entries(PROBLEMS))(
    '(%s) have the message of the host',
    (problem, [, advice]) => {
      const message = 'https://a.example/x answered: see why'
      expect(unreadSentence({ problem, message })).toBe(`${failed}: ${message}${advice}`)
    },
  )

  test.each([
    ['a'.repeat(1000), 'a'.repeat(1000)],
    ['a'.repeat(1001), `${'a'.repeat(1000)}…`],
    ['\u001B[2J', String.raw`\u{1b}[2J`],
  ])('have a message that is bounded and steers no terminal', (message, text) => {
    expect(unreadSentence({ problem: 'bad_status', message })).toBe(`${failed}: ${text}`)
  })

  test('are in a report that has no message', () => {
    const wait = { reason: 'not_observed', problem: 'bad_status' }
    expect(answered(wait)).toEqual(wait)
  })
})

describe('a wait', () => {
  test.each(Object.entries(WAITS))('%s has a sentence', (_reason, [wait, sentence]) => {
    expect(sentenceOf(wait)).toBe(sentence)
  })

  test('that this version does not know is named', () => {
    expect(sentenceOf({ reason: 'moon_not_full' })).toBe('moon_not_full')
  })
})
