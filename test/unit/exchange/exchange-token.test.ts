import { describe, expect, test } from 'vitest'
import { anAdoptedKey, anIssuer, aRing, NOW } from '../../support/fixtures.ts'
import { SUBJECT_AUDIENCE } from '../../support/subject-tokens.ts'
import { issuedClaims, ofIssuer, signed, withToken } from './exchange-cases.ts'
import {
  aCopy,
  anEntry,
  AWS_AUDIENCE,
  exchangeWorld,
  expression,
  SUBJECT_KEY,
  type WorldOptions,
} from './exchange-world.ts'

describe('what the token says', () => {
  test('is what the entry decides, and times of the issuer', async () => {
    const world = exchangeWorld(
      withToken({
        subject: expression(({ claims, entry, request }) =>
          [entry.name, claims['sub'], request.audience, request.subjectTokenType].join('|'),
        ),
        claims: [['team', expression(() => 'payments')]],
        ttl: 900,
      }),
    )
    expect(await issuedClaims(world)).toMatchObject({
      iss: SUBJECT_AUDIENCE,
      sub: `cluster|system:serviceaccount:payments:api|${AWS_AUDIENCE}|jwt`,
      aud: AWS_AUDIENCE,
      team: 'payments',
      iat: NOW - 5,
      nbf: NOW - 5,
      exp: NOW + 895,
      expires_in: 895,
    })
  })

  test.each<[title: string, options: WorldOptions, exp: number, expires: number]>([
    ['ends with its subject token', {}, NOW + 100, 100],
    [
      'may outlive it where the policy says so',
      withToken({ mayOutliveSubject: true }),
      NOW + 3595,
      3595,
    ],
    ['ends before it', withToken({ ttl: 60 }), NOW + 55, 55],
  ])('%s', async (_title, options, exp, expires) => {
    const claims = await issuedClaims(exchangeWorld(options), signed({ exp: NOW + 100 }))
    expect(claims).toMatchObject({ exp, expires_in: expires })
  })

  test('is bounded by what the issuer mints now', async () => {
    const { policy } = anIssuer()
    const options = ofIssuer({ policy: { ...policy, tokenTtlMaxSeconds: 600 } })
    expect(await issuedClaims(exchangeWorld(options))).toMatchObject({ exp: NOW + 595 })
  })

  test.each([SUBJECT_AUDIENCE, `${SUBJECT_AUDIENCE}/token`])(
    'is for a subject token for %s',
    async (aud) => {
      expect(await issuedClaims(exchangeWorld(), signed({ aud }))).toMatchObject({
        aud: AWS_AUDIENCE,
      })
    },
  )

  test('a token of an adopted key is taken by an entry of adopted keys', async () => {
    const { kid, fingerprint, publicJwk, alg } = SUBJECT_KEY
    const adopted = [anAdoptedKey({ kid, fingerprint, publicJwk, alg })]
    const world = exchangeWorld({
      copies: [
        {
          stored: anIssuer({ ring: aRing({ adopted }) }),
          policy: { entries: [anEntry({ keys: { type: 'adopted' } })] },
        },
      ],
    })
    expect(await issuedClaims(world)).toMatchObject({ aud: AWS_AUDIENCE })
  })
})

describe('a token for whoever verifies subject tokens here', () => {
  const issuer = 'https://login.example.net'
  const elsewhere = { stored: anIssuer({ issuer }) }

  test.each([issuer, `${issuer}/token`])('is not issued: %s', async (audience) => {
    const entries = [anEntry({ token: { audiences: [audience] } })]
    const world = exchangeWorld({ copies: [aCopy({ ...elsewhere, policy: { entries } })] })
    await world.ask({ audience, ...signed({ aud: issuer }) })
    expect(world.logged[0]?.fields).toMatchObject({
      reason: 'audience_not_allowed',
      entry: 'cluster',
    })
  })
})
