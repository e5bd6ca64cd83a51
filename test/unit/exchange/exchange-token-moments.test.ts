import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import type { ExchangeCopy } from '../../../src/reading/exchange-copies.ts'
import type { SubjectVerifier } from '../../../src/subject-tokens/subject-verification.ts'
import {
  aKey,
  anIssuer,
  aRing,
  aTombstone,
  type FakeKeyManager,
  fakeKeyManager,
  keyRef,
  NOW,
} from '../../support/fixtures.ts'
import { SUBJECT_AUDIENCE, subjectClaims } from '../../support/subject-tokens.ts'
import { issuedClaims } from './exchange-cases.ts'
import {
  aCopy,
  anEntry,
  exchangeWorld,
  expression,
  onlyRecord,
  type World,
} from './exchange-world.ts'

describe('a key that was disabled since the copy was read', () => {
  const rings = {
    before: aRing({ keys: [aKey({ keyRef: keyRef('disabled'), kid: 'kid-before' })] }),
    after: aRing({ keys: [aKey({ keyRef: keyRef('sound'), kid: 'kid-after' })] }),
  }
  const copies = [
    aCopy({ stored: anIssuer({ ring: rings.before }) }),
    aCopy({ stored: anIssuer({ ring: rings.after }) }),
  ]
  const disabled = new Fault('key_disabled', 'it is disabled', { hadNoEffect: true })

  test('is replaced by that of a fresh copy', async () => {
    const world = exchangeWorld({ copies, keyManager: keyManagerOf(disabled, ['disabled']) })
    expect((await world.ask()).status).toBe(200)
    expect(world.loads).toStrictEqual(['load prod', 'forget prod', 'load prod'])
    expect(world.logged.map(({ event }) => event)).toStrictEqual(['token_issued'])
    expect(world.logged[0]?.fields).toMatchObject({ kid: 'kid-after' })
  })

  test('is a fault where the fresh copy has no other one: it is tried twice, not more', async () => {
    const keyManager = keyManagerOf(disabled, ['disabled', 'sound'])
    const world = exchangeWorld({ copies, keyManager })
    expect((await world.ask()).status).toBe(503)
    expect(keyManager.opened).toHaveLength(2)
    expect(world.logged[0]?.fields).toMatchObject({ reason: 'key_disabled' })
  })

  test('is asked once where something else is wrong with it', async () => {
    const fault = new Fault('key_service_busy', 'over its quota')
    const keyManager = keyManagerOf(fault, ['disabled'])
    const world = exchangeWorld({ copies, keyManager })
    expect((await world.ask()).status).toBe(503)
    expect(world.loads).toStrictEqual(['load prod'])
  })
})

describe('keys of a subject issuer that take their time', () => {
  const later = aCopy({ stored: anIssuer({ ring: aRing({ keys: [aKey({ kid: 'kid-later' })] }) }) })

  test('do not have an old copy sign: it is loaded once more', async () => {
    const world = slowWorld(5, [aCopy(), later])
    const claims = await issuedClaims(world)
    expect(claims).toMatchObject({ iat: NOW, exp: NOW + 100, expires_in: 95 })
    expect(world.logged[0]?.fields).toMatchObject({ kid: 'kid-later' })
    expect(world.loads).toStrictEqual(['load prod', 'load prod'])
  })

  test('do not sign for an issuer that was deleted meanwhile', async () => {
    const world = slowWorld(5, [aCopy(), aCopy({ stored: aTombstone() })])
    expect((await world.ask()).status).toBe(410)
  })

  test('do not have an old policy decide: what it lets in now is let in', async () => {
    const refused = slowWorld(5, [decidingBy(true, 'before'), decidingBy(false, 'after')])
    expect((await refused.ask()).status).toBe(400)
    expect(refused.logged[0]?.fields).toMatchObject({ reason: 'condition_not_met' })
    const issued = slowWorld(5, [decidingBy(true, 'before'), decidingBy(true, 'after')])
    expect(await issuedClaims(issued)).toMatchObject({ sub: 'after' })
  })

  test('do not have an entry let in that was taken out meanwhile', async () => {
    const emptied = slowWorld(5, [aCopy(), aCopy({ policy: { entries: [] } })])
    expect((await emptied.ask()).status).toBe(400)
    expect(emptied.logged[0]?.fields).toMatchObject({ reason: 'no_policy' })
  })

  test('are not said to be of an entry whose keys they are not any more', async () => {
    const other = anEntry({ keys: { type: 'jwks', keys: [] } })
    const world = slowWorld(5, [aCopy(), aCopy({ policy: { entries: [other] } })], {
      refusesAfterwards: true,
    })
    expect((await world.ask()).status).toBe(400)
    const { fields } = onlyRecord(world)
    expect(fields).toMatchObject({ reason: 'key_unknown', subjectVerified: false })
    expect(fields['entry']).toBeUndefined()
  })

  test('do not make a token that lives too short', async () => {
    const world = slowWorld(46, [aCopy()])
    await world.ask()
    expect(world.logged[0]?.fields).toMatchObject({ reason: 'lifetime_too_short' })
  })
})

/** One entry, which lets everybody in or nobody. */
function decidingBy(condition: boolean, sub: string): ExchangeCopy {
  const token = { subject: expression(() => sub) }
  return aCopy({
    policy: { entries: [anEntry({ condition: expression(() => condition), token })] },
  })
}

function keyManagerOf(fault: Fault, failing: readonly string[]): FakeKeyManager {
  const keyManager = fakeKeyManager()
  const open: typeof keyManager.open = async (reference, binding) => {
    keyManager.opened.push({ keyRef: reference, binding })
    const fails = failing.includes(reference)
    return { sign: async () => (fails ? Promise.reject(fault) : new Uint8Array(64)) }
  }
  return { ...keyManager, open }
}

/** Verifies whatever there is, and the clock goes on meanwhile: the first time, as for keys that are fetched then. */
function slowWorld(
  seconds: number,
  copies: readonly (ExchangeCopy | undefined)[],
  { refusesAfterwards = false } = {},
): World {
  const usual = exchangeWorld({ copies })
  let wait = seconds
  const verifier: SubjectVerifier = {
    verify: async (_token, { sources: [source] }) => {
      if (refusesAfterwards && wait === 0) {
        return { ok: false, refusal: { reason: 'key_unknown', detail: 'gone', claimed: {} } }
      }
      usual.clock.seconds += wait
      wait = 0
      if (source === undefined) throw new TypeError('there is no source')
      return {
        ok: true,
        verified: {
          source,
          claims: subjectClaims(),
          subject: 'someone',
          audience: SUBJECT_AUDIENCE,
          expiresAt: NOW + 100,
          jti: undefined,
          kid: 'kid',
        },
      }
    },
  }
  const clock = { now: () => usual.clock.seconds }
  return exchangeWorld({ copies, deps: { verifier, clock } })
}
