import { describe, expect, test } from 'vitest'
import type { OwnKeyView } from '../../../src/control/key-views.ts'
import { type RingView, ringView } from '../../../src/control/ring-view.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { anAdoptedKey, keyRef, NOW } from '../../support/fixtures.ts'
import {
  ACTIVE,
  aLeftover,
  aReservation,
  aRotating,
  aSettling,
  aSuccessor,
  BOUNDS,
  EXPIRED_COPIES,
  DAY,
  HOUR,
  POLICY,
  RETENTION,
} from '../../support/rotation-fixtures.ts'

const HAND_OVER = NOW + 10 * DAY
const NEXT = aSuccessor({ firstSeenAt: NOW + 600, activatesAt: HAND_OVER })
const THIRD = aSuccessor({ kid: 'kid-third', slot: 'slot-third', publishedAt: HAND_OVER })

const viewAt = (document: IssuerDocument, now: number): RingView => ringView(document, BOUNDS, now)

function ownAt(document: IssuerDocument, now: number): OwnKeyView[] {
  return viewAt(document, now).keys.filter((key) => key.origin === 'own')
}

describe('the view of a ring', () => {
  test('is exactly this', () => {
    const document = aRotating(
      [ACTIVE, NEXT],
      { settling: aSettling({ seenAt: NOW - 10 * DAY }) },
      {
        adopted: [anAdoptedKey()],
        reservation: aReservation(),
        leftovers: [
          aLeftover(),
          aLeftover({ slot: 'slot-m', deletion: { scheduledAt: NOW, windowDays: 7 } }),
          { slot: 'slot-n', alg: 'ES256', custody: 'kms', forgottenAt: NOW, keptAt: NOW + 1 },
        ],
      },
    )
    const place = { alg: 'RS256', custody: 'kms', forgottenAt: NOW, kid: 'kid-l' }
    expect(viewAt(document, NOW + HOUR)).toStrictEqual({
      id: 'prod',
      revision: 9,
      status: 'ok',
      nextMoment: { at: HAND_OVER, what: 'activation' },
      policy: POLICY,
      settling: {
        revision: 7,
        jwksMaxAgeSeconds: 900,
        tokenTtlMaxSeconds: 7200,
        mintedTtlMaxSeconds: HOUR,
        seenAt: NOW - 10 * DAY,
      },
      publication: BOUNDS,
      retentionSeconds: RETENTION,
      everPublished: true,
      keys: [
        {
          origin: 'own',
          kid: 'kid-a',
          alg: 'RS256',
          custody: 'sealed',
          status: 'active',
          publishedAt: NOW - DAY,
          activatesAt: NOW,
          supersededAt: HAND_OVER,
          retiresAt: HAND_OVER + RETENTION,
        },
        {
          origin: 'own',
          kid: 'kid-next',
          alg: 'RS256',
          custody: 'sealed',
          status: 'pending',
          publishedAt: NOW,
          firstSeenAt: NOW + 600,
          activatesAt: HAND_OVER,
        },
        {
          origin: 'adopted',
          kid: 'kid-of-cluster',
          alg: 'RS256',
          fingerprint: 'fingerprint-of-cluster',
          status: 'adopted',
          publishedAt: NOW,
        },
      ],
      reservation: { alg: 'RS256', custody: 'kms', reservedAt: NOW },
      leftovers: [
        { slot: 'slot-l', ...place },
        { slot: 'slot-m', ...place, deletion: { scheduledAt: NOW, windowDays: 7 } },
        { slot: 'slot-n', alg: 'ES256', custody: 'kms', forgottenAt: NOW, keptAt: NOW + 1 },
      ],
    })
  })

  test.each<[title: string, is: boolean, ring: Partial<IssuerDocument['ring']>]>([
    ['has not published', false, {}],
    ['publishes', true, { adopted: [anAdoptedKey()] }],
    ['has published', true, { former: [{ kid: 'a', fingerprint: 'a', origin: 'adopted' }] }],
  ])('of an issuer without a key of its own that %s says so', (_title, everPublished, ring) => {
    expect(viewAt(aRotating([], {}, ring), NOW).everPublished).toBe(everPublished)
  })

  test('names no reference, and slots of what is forgotten alone', () => {
    const leftovers = [aLeftover({ keyRef: keyRef('private-reference-l') })]
    const reservation = aReservation({ slot: 'slot-reserved' })
    const document = aRotating([ACTIVE, NEXT], {}, { leftovers, reservation })
    const text = JSON.stringify(viewAt(document, NOW))
    expect(text).not.toMatch(/private-reference|nonce-|slot-a|slot-next|slot-reserved|publicJwk/)
    expect(text).toContain('slot-l')
  })

  test('has no settling, no reservation and no next moment where there is none', () => {
    const view = viewAt(aRotating([]), NOW)
    expect(view).not.toHaveProperty('settling')
    expect(view).not.toHaveProperty('reservation')
    expect(view).toMatchObject({ nextMoment: null, status: 'no_active_key', leftovers: [] })
  })
})

describe('the moments of a key', () => {
  const settling = aSettling()
  /** By the values of `aSettling`. */
  const LONGER = 7200 + 300 + 60 + 120 + 900 + 120

  test.each<[title: string, document: IssuerDocument, now: number, retiresAt: number]>([
    ['by its policy', aRotating([ACTIVE, NEXT]), NOW, HAND_OVER + RETENTION],
    [
      'by an older policy that is not settled',
      aRotating([ACTIVE, NEXT], { settling }),
      NOW,
      HAND_OVER + LONGER,
    ],
    [
      'by its policy once that is settled',
      aRotating([ACTIVE, NEXT], { settling: { ...settling, seenAt: NOW } }),
      NOW + 60 + 120 + 2 * 7200 + EXPIRED_COPIES,
      HAND_OVER + RETENTION,
    ],
    [
      'by the longer tokens to the last second before',
      aRotating([ACTIVE, NEXT], { settling: { ...settling, seenAt: NOW } }),
      NOW + 60 + 120 + 2 * 7200 + EXPIRED_COPIES - 1,
      HAND_OVER + LONGER - 600,
    ],
  ])('end with its retirement: %s', (_title, document, now, retiresAt) => {
    expect(ownAt(document, now)[0]).toMatchObject({ supersededAt: HAND_OVER, retiresAt })
    expect(viewAt(document, now).retentionSeconds).toBe(retiresAt - HAND_OVER)
  })

  test('have no end while nobody is sure to follow', () => {
    const [signing, waiting] = ownAt(aRotating([ACTIVE, aSuccessor()]), NOW)
    for (const key of [signing, waiting]) {
      expect(key).not.toHaveProperty('supersededAt')
      expect(key).not.toHaveProperty('retiresAt')
    }
    expect(waiting).not.toHaveProperty('activatesAt')
    expect(waiting).not.toHaveProperty('firstSeenAt')
  })

  test.each([
    ['active', HAND_OVER - 1],
    ['retiring', HAND_OVER],
    ['retiring', HAND_OVER + RETENTION - 1],
    ['retired', HAND_OVER + RETENTION],
  ])('make it %s at %i', (status, now) => {
    expect(ownAt(aRotating([ACTIVE, NEXT, THIRD]), now)[0]?.status).toBe(status)
  })

  test('of a key that was revoked before it signed are its own alone', () => {
    const revoked = { ...NEXT, revokedAt: NOW + HOUR }
    const [signing, stillborn] = ownAt(aRotating([ACTIVE, revoked]), NOW + HOUR)
    expect(signing).toMatchObject({ status: 'active' })
    expect(signing).not.toHaveProperty('supersededAt')
    expect(stillborn).toMatchObject({ status: 'revoked', revokedAt: NOW + HOUR })
    expect(stillborn).not.toHaveProperty('retiresAt')
  })

  test.each([
    ['until it is revoked, where it is revoked before', HAND_OVER + 60, {}],
    [
      'until it retires, where it is revoked later',
      HAND_OVER + RETENTION + 1,
      { retiresAt: HAND_OVER + RETENTION },
    ],
  ])('of a superseded key last %s', (_title, revokedAt, end) => {
    const [superseded] = ownAt(aRotating([{ ...ACTIVE, revokedAt }, NEXT]), NOW)
    expect(superseded).toMatchObject({ supersededAt: HAND_OVER, revokedAt, ...end })
    expect('retiresAt' in (superseded ?? {})).toBe('retiresAt' in end)
  })
})
