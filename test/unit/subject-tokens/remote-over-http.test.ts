import { describe, expect, onTestFinished, test } from 'vitest'
import type { LogFields } from '../../../src/log.ts'
import { remoteKeySets } from '../../../src/subject-tokens/remote-key-sets.ts'
import {
  startSubjectIssuer,
  type SubjectIssuer,
  type SubjectIssuerState,
} from '../../support/subject-issuer.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'
import { ecMember } from './remote-web.ts'

const MEMBER = await ecMember('kid-ec')

async function issuing(state: Partial<SubjectIssuerState>): Promise<SubjectIssuer> {
  const started = await startSubjectIssuer({ keys: [MEMBER], ...state })
  onTestFinished(() => started[Symbol.asyncDispose]())
  return started
}

function asking({ issuer }: SubjectIssuer, allowLoopback = true) {
  const held = heldDeadlines()
  const logged: (LogFields | undefined)[] = []
  const sets = remoteKeySets({
    fetch,
    clock: { now: () => 1_800_000_000 },
    deadline: held.deadline,
    log: (level, event, fields) => logged.push({ level, event, ...fields }),
    allowLoopback,
  })
  const answer = sets.keysOf({ issuer, jwksHost: undefined }, 'kid-ec')
  return { answer, logged, pass: () => held.pass(5000) }
}

test('the keys of an issuer are fetched over HTTP, and nothing is logged', async () => {
  const subject = await issuing({})
  const { answer, logged } = asking(subject)
  expect(await answer).toMatchObject({ ok: true, keys: [{ kid: 'kid-ec' }] })
  expect(subject.asked).toEqual(['discovery', 'jwks'])
  expect(logged).toEqual([])
})

test('an issuer on this machine is not asked where that is not allowed', async () => {
  const subject = await issuing({})
  const { answer, logged } = asking(subject, false)
  expect(await answer).toMatchObject({ ok: false })
  expect(subject.asked).toEqual([])
  expect(logged).toMatchObject([{ problem: 'url_refused' }])
})

describe.each([
  ['discovery', ['discovery'], 'not_a_discovery_document'],
  ['jwks', ['discovery', 'jwks'], 'not_a_jwk_set'],
] as const)('at %s', (document, asked, notReadable) => {
  test.each([
    ['huge', 'too_large', 'more than 262144 bytes'],
    ['redirecting', 'redirected', 'a redirect'],
    ['html', notReadable, 'something else'],
    ['not-json', notReadable, 'something else'],
    ['failing', 'bad_status', 'status 500'],
    ['down', 'unreachable', 'could not be read'],
  ] as const)('an issuer that is %s has no keys: %s', async (behaviour, problem, words) => {
    const subject = await issuing({ [document]: behaviour })
    const { answer, logged } = asking(subject)
    expect(await answer).toEqual({ ok: false, message: expect.stringContaining(words) })
    // Nothing was asked for at the place that a redirect leads to.
    expect(subject.asked).toEqual(asked)
    const host = new URL(subject.issuer).host
    expect(logged).toEqual([{ level: 'warn', event: 'key_set_unavailable', host, problem }])
  })

  test('an issuer that is slow is given up', async () => {
    const subject = await issuing({ [document]: 'slow' })
    const { answer, logged, pass } = asking(subject)
    await expect.poll(() => subject.asked).toEqual(asked)
    expect(pass()).toBe(1)
    expect(await answer).toEqual({
      ok: false,
      message: expect.stringContaining(
        'was not there in full when the 5 s for the discovery document and the keys were over',
      ),
    })
    expect(logged).toMatchObject([{ problem: 'timed_out' }])
  })
})

test('an issuer whose document says another one has no keys', async () => {
  const subject = await issuing({ members: { issuer: 'https://tokens.example.com' } })
  const { answer, logged } = asking(subject)
  expect(await answer).toMatchObject({ ok: false })
  expect(logged).toMatchObject([{ problem: 'wrong_issuer' }])
})
