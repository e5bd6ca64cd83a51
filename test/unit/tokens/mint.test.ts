import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { sealedKeyManager } from '../../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { keyManagers } from '../../../src/signers/key-managers.ts'
import { SIGNING_ALGORITHMS } from '../../../src/crypto/algorithms.ts'
import { buildJwkSet } from '../../../src/documents/jwk-set.ts'
import { Fault } from '../../../src/errors.ts'
import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { prepareKeys } from '../../../src/keyring/prepare-keys.ts'
import { TOKEN_CHARS_MAX } from '../../../src/limits.ts'
import type { RefusalReason } from '../../../src/refusal.ts'
import type { TokenRequest } from '../../../src/tokens/claims.ts'
import { mintToken } from '../../../src/tokens/mint.ts'
import {
  anAdoptedKey,
  anIssuer,
  aRing,
  aKey,
  fakeKeyManager,
  NOW,
  refusalOf,
  valueOf,
} from '../../support/fixtures.ts'
import { aSettling } from '../../support/rotation-fixtures.ts'

const REQUEST: TokenRequest = {
  subject: { type: 'plain', subject: 'repo:acme/app' },
  audience: 'sts.amazonaws.com',
  ttlSeconds: 600,
  claims: {},
}
type RefusedRow = [string, IssuerDocument, TokenRequest, RefusalReason, string]

const MAX = DEFAULT_POLICY.tokenTtlMaxSeconds

function padded(characters: number): TokenRequest {
  return { ...REQUEST, claims: { padding: 'x'.repeat(characters) } }
}

describe('a token', () => {
  test.each(SIGNING_ALGORITHMS)('with %s is verified against the JWK Set', async (algorithm) => {
    const keyManager = keyManagers(
      sealedKeyManager({ secret: new Uint8Array(32), deployment: 'test' }),
    )
    const policy = { ...DEFAULT_POLICY, algorithm }
    const empty = anIssuer({ policy, ring: aRing({ keys: [] }) })
    const issuer = await prepareKeys({ keyManagers: keyManager }, empty, NOW)
    const minted = valueOf(await mintToken(issuer, REQUEST, keyManager, NOW))
    const { keys } = buildJwkSet(issuer.ring.keys)
    const { payload, protectedHeader } = await jwtVerify(
      minted.token,
      createLocalJWKSet({ keys: [...keys] }),
      {
        issuer: 'https://oidc.example.com/prod',
        audience: 'sts.amazonaws.com',
        currentDate: new Date(NOW * 1000),
      },
    )
    expect(payload).toEqual(minted.claims)
    expect(protectedHeader).toEqual({ alg: algorithm, kid: issuer.ring.keys[0]?.kid, typ: 'JWT' })
  })

  test('says by which key it is signed and what it claims', async () => {
    const minted = valueOf(await mintToken(anIssuer(), REQUEST, fakeKeyManager(), NOW))
    expect(minted).toMatchObject({
      kid: 'kid-a',
      alg: 'RS256',
      claims: {
        iss: 'https://oidc.example.com/prod',
        sub: 'repo:acme/app',
        aud: 'sts.amazonaws.com',
        iat: NOW - 5,
        nbf: NOW - 5,
        exp: NOW + 595,
      },
    })
    expect(decodeProtectedHeader(minted.token)).toEqual({ alg: 'RS256', kid: 'kid-a', typ: 'JWT' })
  })

  test('has a UUID of its own', async () => {
    const outcomes = [
      await mintToken(anIssuer(), REQUEST, fakeKeyManager(), NOW),
      await mintToken(anIssuer(), REQUEST, fakeKeyManager(), NOW),
    ]
    const [first, second] = outcomes.map((outcome) => valueOf(outcome).claims.jti)
    expect(first).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(first).not.toBe(second)
  })

  test('opens the active key alone, with its own binding', async () => {
    const old = aKey({ kid: 'kid-old', slot: 'slot-old' })
    const next = aKey({ kid: 'kid-next', slot: 'slot-next', activatesAt: NOW + 10 })
    const issuer = anIssuer({ ring: aRing({ keys: [old, next] }) })
    const keyManager = fakeKeyManager()
    const [before, after] = [
      valueOf(await mintToken(issuer, REQUEST, keyManager, NOW + 9)),
      valueOf(await mintToken(issuer, REQUEST, keyManager, NOW + 10)),
    ]
    expect([before.kid, after.kid]).toEqual(['kid-old', 'kid-next'])
    expect(keyManager.opened.map(({ binding }) => binding)).toEqual([
      { issuerId: 'prod', slot: 'slot-old', alg: 'RS256' },
      { issuerId: 'prod', slot: 'slot-next', alg: 'RS256' },
    ])
  })

  test.each([
    ['as long as before, until a raised maximum was seen', aSettling(), 3600],
    ['as long as the raised maximum once that was seen', aSettling({ seenAt: NOW }), MAX],
  ])('may live %s', async (_title, settling, ttlSeconds) => {
    const issuer = anIssuer({ settling })
    const minted = await mintToken(issuer, { ...REQUEST, ttlSeconds }, fakeKeyManager(), NOW)
    const { claims } = valueOf(minted)
    expect(claims.exp - claims.iat).toBe(ttlSeconds)
  })

  test('may live as short as a minute', async () => {
    const shortest = { ...REQUEST, ttlSeconds: 60 }
    const { claims } = valueOf(await mintToken(anIssuer(), shortest, fakeKeyManager(), NOW))
    expect(claims.exp - claims.iat).toBe(60)
  })

  test('may live as long as the policy allows', async () => {
    const longest = { ...REQUEST, ttlSeconds: MAX }
    const { claims } = valueOf(await mintToken(anIssuer(), longest, fakeKeyManager(), NOW))
    expect(claims.exp - claims.iat).toBe(MAX)
  })

  test('may be as long as relying parties take, and not one character longer', async () => {
    const { token } = valueOf(await mintToken(anIssuer(), padded(9), fakeKeyManager(), NOW))
    // Three bytes are four characters: from here, by threes, to the last that fits.
    const room = Math.floor((TOKEN_CHARS_MAX - token.length) / 4) * 3
    const longest = await mintToken(anIssuer(), padded(9 + room), fakeKeyManager(), NOW)
    const tooLong = await mintToken(anIssuer(), padded(9 + room + 3), fakeKeyManager(), NOW)
    expect(valueOf(longest).token.length).toBeLessThanOrEqual(TOKEN_CHARS_MAX)
    expect(valueOf(longest).token.length).toBeGreaterThan(TOKEN_CHARS_MAX - 4)
    expect(refusalOf(tooLong).reason).toBe('invalid_request')
  })
})

describe('minting', () => {
  const pending = anIssuer({ ring: aRing({ keys: [aKey({ activatesAt: NOW + 1 })] }) })
  const revoked = anIssuer({ ring: aRing({ keys: [aKey({ revokedAt: NOW })] }) })

  const publishOnly = anIssuer({
    policy: { ...DEFAULT_POLICY, custody: 'none' },
    ring: aRing({ keys: [], adopted: [anAdoptedKey()] }),
  })
  const adoptedAlone = anIssuer({ ring: aRing({ keys: [], adopted: [anAdoptedKey()] }) })

  test.each<RefusedRow>([
    [
      'refuses for an issuer that only publishes',
      publishOnly,
      REQUEST,
      'publish_only',
      "issuer prod only publishes a cluster's keys and has none of its own to sign with",
    ],
    [
      'refuses for an issuer that only publishes before it looks at the lifetime',
      publishOnly,
      { ...REQUEST, ttlSeconds: 1 },
      'publish_only',
      'its cluster issues the tokens',
    ],
    ['refuses with adopted keys alone', adoptedAlone, REQUEST, 'no_active_key', 'issuer prod'],
    [
      'refuses a lifetime over the maximum',
      anIssuer(),
      { ...REQUEST, ttlSeconds: MAX + 1 },
      'invalid_request',
      `ttlSeconds must be at most ${MAX} (tokenTtlMaxSeconds of issuer prod), got ${MAX + 1}`,
    ],
    [
      'refuses more than was minted before, until the raised maximum was seen',
      anIssuer({ settling: aSettling() }),
      { ...REQUEST, ttlSeconds: 3601 },
      'invalid_request',
      `ttlSeconds must be at most 3600 until the public documents of issuer prod have shown its raised maximum of ${MAX}, got 3601`,
    ],
    ...[59, 0, -600, 600.5, Number.NaN, Infinity, 2 ** 53].map((ttlSeconds): RefusedRow => [
      `refuses a lifetime of ${ttlSeconds} seconds`,
      anIssuer(),
      { ...REQUEST, ttlSeconds },
      'invalid_request',
      `ttlSeconds must be a whole number of seconds, at least 60, got ${ttlSeconds}`,
    ]),
    ['refuses before the first key activates', pending, REQUEST, 'no_active_key', 'issuer prod'],
    ['refuses when the key is revoked', revoked, REQUEST, 'no_active_key', 'issuer prod'],
    [
      'refuses in an empty ring',
      anIssuer({ ring: aRing({ keys: [] }) }),
      REQUEST,
      'no_active_key',
      'prod',
    ],
    [
      'refuses claims that no relying party would read',
      anIssuer(),
      padded(20_000),
      'invalid_request',
      `at most ${TOKEN_CHARS_MAX} characters`,
    ],
  ])('%s, and signs nothing', async (_title, issuer, request, ...expected) => {
    const keyManager = fakeKeyManager()
    const refusal = refusalOf(await mintToken(issuer, request, keyManager, NOW))
    expect([refusal.reason, refusal.message]).toEqual(
      expected.map((text): unknown => expect.stringContaining(text)),
    )
    expect(keyManager.opened).toEqual([])
  })

  test('refuses without repeating the claims', async () => {
    const secret = { ...REQUEST, claims: { secret: 'MARKED'.repeat(4000) } }
    const refusal = refusalOf(await mintToken(anIssuer(), secret, fakeKeyManager(), NOW))
    expect(refusal.message).not.toContain('MARKED')
  })

  test('fails where the key cannot be opened', async () => {
    const fault = new Fault('key_unavailable', 'a key of issuer prod cannot be opened')
    const keyManager = keyManagers({ ...fakeKeyManager(), open: () => Promise.reject(fault) })
    await expect(mintToken(anIssuer(), REQUEST, keyManager, NOW)).rejects.toBe(fault)
  })

  test('fails where the key does not sign', async () => {
    const fault = new Fault('key_unavailable', 'the key did not sign')
    const keyManager = fakeKeyManager({ sign: () => Promise.reject(fault) })
    await expect(mintToken(anIssuer(), REQUEST, keyManager, NOW)).rejects.toBe(fault)
  })
})
