import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import { compilePolicy } from '../../../src/policies/compile-policy.ts'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import {
  compiledEntry,
  compiledPolicy,
  compileSentences,
  inlineKeys,
  policyEntries,
  policyEntry,
} from '../../support/policy-entries.ts'
import { newSubjectKey } from '../../support/subject-tokens.ts'

const key = newSubjectKey('ES256')
const other = newSubjectKey('ES256')
const jwks = (...keys: JsonObject[]): PolicyEntry['keys'] => ({ jwks: { keys } })

describe('what is compiled', () => {
  test('has the defaults', async () => {
    const entry = await compiledEntry([policyEntry()])
    expect(entry).toMatchObject({
      name: 'prod',
      issuer: 'https://cluster.example.net',
      keys: { type: 'discovery', jwksHost: undefined },
      algorithms: ['RS256', 'ES256'],
      audience: undefined,
      maxAgeSeconds: 90_000,
      condition: { source: 'true' },
      token: {
        subject: { source: 'claims.sub' },
        tags: [],
        transitiveTags: [],
        sourceIdentity: undefined,
        claims: [],
        audiences: ['sts.amazonaws.com'],
        ttl: undefined,
        mayOutliveSubject: false,
      },
    })
  })

  test('has what the policy says', async () => {
    const entry = await compiledEntry([
      policyEntry({
        keys: { discovery: true, jwksHost: 'keys.example.net' },
        audience: 'https://oidc.example.com/prod',
        maxAgeSeconds: 600,
        token: {
          tags: { team: '"a"' },
          transitiveTags: ['team'],
          sourceIdentity: '"me"',
          claims: { role: '"r"' },
          ttl: 900,
          mayOutliveSubject: true,
        },
      }),
    ])
    expect(entry).toMatchObject({
      keys: { type: 'discovery', jwksHost: 'keys.example.net' },
      audience: 'https://oidc.example.com/prod',
      maxAgeSeconds: 600,
      token: {
        tags: [['team', { source: '"a"' }]],
        transitiveTags: ['team'],
        sourceIdentity: { source: '"me"' },
        claims: [['role', { source: '"r"' }]],
        ttl: 900,
        mayOutliveSubject: true,
      },
    })
  })

  test('reads inline keys, each with what it may verify', async () => {
    const { alg, ...unpinned } = other.jwk
    const entry = await compiledEntry([policyEntry({ keys: jwks(key.jwk, unpinned) })])
    expect(alg).toBe('ES256')
    expect(entry.keys).toEqual({
      type: 'jwks',
      keys: [key, other].map(({ kid, fingerprint, publicJwk }) => ({
        kid,
        fingerprint,
        publicJwk,
        algorithms: ['ES256'],
      })),
    })
  })

  test('takes one key by two names', async () => {
    const keys = jwks(key.jwk, { ...key.jwk, kid: 'former' })
    await expect(compileSentences([policyEntry({ keys })])).resolves.toEqual([])
  })

  test('takes entries of one issuer with different keys', async () => {
    const entries = policyEntries(['eu', 'us']).map((entry) => ({
      ...entry,
      issuer: 'https://kubernetes.default.svc.cluster.local',
      keys: inlineKeys(),
    }))
    const { entries: compiled } = await compiledPolicy(entries)
    expect(compiled.map(({ name }) => name)).toEqual(['eu', 'us'])
  })

  test('may have no entry', async () => {
    await expect(compilePolicy({ entries: [] })).resolves.toEqual({
      ok: true,
      policy: { entries: [] },
    })
  })
})

describe('expressions', () => {
  test.each<[string, PolicyEntry, RegExp]>([
    [
      'an unknown name, with its place',
      policyEntry({ condition: 'true &&\n  claim.sub == "x"' }),
      /^entries\.0\.condition \(line 2, column 3\) .*claims, entry, request/,
    ],
    [
      'a condition that is a text',
      policyEntry({ condition: 'claims.sub + "x" == "y" ? "true" : "false"' }),
      /^entries\.0\.condition must give true or false \(bool\), got an expression of type string$/,
    ],
    [
      'a subject that is a list',
      policyEntry({ token: { subject: '[claims.sub]' } }),
      /^entries\.0\.token\.subject must give a text \(string\), got an expression of type list/,
    ],
    [
      'a tag that is a comparison',
      policyEntry({ token: { tags: { admin: 'claims.sub == "x"' } } }),
      /^entries\.0\.token\.tags\.admin must give a text \(string\), got an expression of type bool$/,
    ],
    [
      'a source identity that is a number',
      policyEntry({ token: { sourceIdentity: 'size(claims.sub)' } }),
      /^entries\.0\.token\.sourceIdentity must give a text \(string\), got an expression of type int$/,
    ],
    [
      'a claim that does not compile',
      policyEntry({ token: { claims: { role: 'claims.' } } }),
      /^entries\.0\.token\.claims\.role \(line 1, column \d+\) /,
    ],
  ])('are refused: %s', async (_title, entry, sentence) => {
    const problems = await compileSentences([entry])
    expect(problems).toEqual([expect.stringMatching(sentence)])
  })

  test.each<[string, PolicyEntry]>([
    ['a condition of a claim alone', policyEntry({ condition: 'claims.admin' })],
    ['a condition that is never true', policyEntry({ condition: 'false' })],
    ['a subject of a claim alone', policyEntry({ token: { subject: 'claims.sub' } })],
    [
      'claims of any type',
      policyEntry({ token: { claims: { a: '1', b: '[true]', c: '{"x": null}' } } }),
    ],
  ])('are taken: %s', async (_title, entry) => {
    await expect(compileSentences([entry])).resolves.toEqual([])
  })
})

const at = (index: number) => `entries.0.keys.jwks.keys.${index}`

describe('inline keys', () => {
  const P384 = newSubjectKey('ES384')
  const privateJwk = key.privateKey.export({ format: 'jwk' }) as JsonObject

  test.each<[string, PolicyEntry['keys'], string]>([
    ['a symmetric one', jwks({ kty: 'oct', k: 'secret' }), `${at(0)} is symmetric`],
    ['a private one', jwks(key.jwk, privateJwk), `${at(1)} holds private material (member d)`],
    [
      'one of a type that AWS does not take',
      jwks({ kty: 'OKP', crv: 'Ed25519', x: 'x' }),
      `${at(0)} must be an RSA key of at least 2048 bits or an EC key on P-256, P-384, P-521, got kty "OKP"`,
    ],
    [
      'the same one twice',
      jwks(key.jwk, other.jwk, key.jwk),
      `${at(2)} is in this set twice: leave one out`,
    ],
    [
      'one for another algorithm',
      jwks(P384.jwk),
      `${at(0)} verifies ES384 alone, and algorithms has RS256, ES256: add its algorithm, or leave the key out`,
    ],
  ])('are refused: %s', async (_title, keys, sentence) => {
    const problems = await compileSentences([policyEntry({ keys })])
    expect(problems).toEqual([expect.stringContaining(sentence)])
    expect(problems.join()).not.toContain('secret')
    expect(problems.join()).not.toContain(privateJwk['d'])
  })
})

test('everything that is wrong is said, in the order of the policy', async () => {
  const problems = await compileSentences([
    policyEntry({
      keys: jwks({ kty: 'oct', k: 'x' }),
      condition: '"x"',
      token: { subject: '5', tags: { 'aws:x': 'x' } },
    }),
    policyEntry({ issuer: 'https://x.example', condition: 'y' }),
  ])
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
    'entries.0.keys.jwks.keys.0',
    'entries.0.condition',
    'entries.0.token.subject',
    'entries.0.token.tags.aws:x',
    'entries.0.token.tags.aws:x',
    'entries.1.condition',
    'entries.1.name',
  ])
})
