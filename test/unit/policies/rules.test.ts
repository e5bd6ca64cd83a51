import { describe, expect, test } from 'vitest'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import { problemSentence } from '../../../src/policies/policy-problem.ts'
import { type PolicyContext, policyRuleProblems } from '../../../src/policies/policy-rules.ts'
import { compiledPolicy, policyEntries, policyEntry } from '../../support/policy-entries.ts'
import { newSubjectKey } from '../../support/subject-tokens.ts'

const ISSUER = 'https://oidc.example.com/prod'
/** A context, and what it was asked for. */
function contextWith(changes: Partial<PolicyContext> = {}): PolicyContext & { asked: string[] } {
  const asked: string[] = []
  return {
    issuer: ISSUER,
    tokenTtlMaxSeconds: 3600,
    hasAdoptedKeys: false,
    ownFingerprints: new Set<string>(),
    isDevelopment: false,
    isOwnUrl: (url) => {
      asked.push(url)
      return url.includes('own.example')
    },
    asked,
    ...changes,
  }
}

async function problemsOf(
  entries: readonly PolicyEntry[],
  context: PolicyContext = contextWith(),
): Promise<string[]> {
  const problems = policyRuleProblems({ entries }, await compiledPolicy(entries), context)
  return problems.map(problemSentence)
}

const OWN_ISSUER =
  'entries.0.issuer must not be an issuer of this installation, whose tokens are never exchanged here: name whoever issued the first token'
const OWN_AUDIENCE =
  'entries.0.token.audiences.0 must not be a URL of this installation, which would take the token for another one: name the relying party'
const AUDIENCE = `entries.0.audience must be the identifier of this issuer or its token endpoint ("${ISSUER}" or "${ISSUER}/token"), got`
const ELSEWHERE = 'a token for somebody else is not for this'
const ADOPTED =
  'must be {"adopted": true}, since this issuer has adopted keys, which speak for the whole of it: give other sources an issuer of their own, or drop the adopted keys first'

const key = newSubjectKey('ES256')
const inline = { jwks: { keys: [newSubjectKey('ES256').jwk, key.jwk] } }

describe('an entry that is taken', () => {
  test.each<[string, PolicyEntry, Partial<PolicyContext>]>([
    ['of an issuer elsewhere', policyEntry(), {}],
    ['for the identifier', policyEntry({ audience: ISSUER }), {}],
    ['for the token endpoint', policyEntry({ audience: `${ISSUER}/token` }), {}],
    ['of the longest life', policyEntry({ token: { ttl: 3600 } }), {}],
    [
      'with adopted keys, before there are any',
      policyEntry({ issuer: ISSUER, keys: { adopted: true } }),
      {},
    ],
    [
      'with adopted keys',
      policyEntry({ issuer: ISSUER, keys: { adopted: true } }),
      { hasAdoptedKeys: true },
    ],
    [
      'with keys of a cluster that is published here',
      policyEntry({ issuer: 'https://own.example/c', keys: inline }),
      {},
    ],
    [
      'of a local issuer, in development',
      policyEntry({ issuer: 'http://localhost:9000' }),
      { isDevelopment: true },
    ],
    [
      'for an API beside the issuer',
      policyEntry({ token: { audiences: ['https://oidc.example.com/prod2'] } }),
      {},
    ],
    [
      'for a name that is no URL',
      policyEntry({ token: { audiences: ['api://AzureADTokenExchange'] } }),
      {},
    ],
  ])('%s', async (_title, entry, changes) => {
    await expect(problemsOf([entry], contextWith(changes))).resolves.toEqual([])
  })
})

describe('an entry that is refused', () => {
  test.each<[string, PolicyEntry, Partial<PolicyContext>, string]>([
    [
      'of a local issuer',
      policyEntry({ issuer: 'http://localhost:9000' }),
      {},
      'entries.0.issuer must use https, got http, which is for local development alone',
    ],
    [
      'of an issuer of this installation',
      policyEntry({ issuer: 'https://own.example/x' }),
      {},
      OWN_ISSUER,
    ],
    ['of the issuer itself', policyEntry({ issuer: ISSUER }), {}, OWN_ISSUER],
    ['of the issuer itself, with a slash', policyEntry({ issuer: `${ISSUER}/` }), {}, OWN_ISSUER],
    [
      'of the issuer itself, in capitals, with port and dot',
      policyEntry({ issuer: 'https://OIDC.Example.com.:443/prod' }),
      {},
      OWN_ISSUER,
    ],
    [
      'with keys at a host of this installation',
      policyEntry({ keys: { discovery: true, jwksHost: 'own.example' } }),
      {},
      'entries.0.keys.jwksHost must not be a host of this installation',
    ],
    [
      'by discovery, beside adopted keys',
      policyEntry(),
      { hasAdoptedKeys: true },
      `entries.0.keys ${ADOPTED}`,
    ],
    [
      'with inline keys, beside adopted keys',
      policyEntry({ keys: inline }),
      { hasAdoptedKeys: true },
      `entries.0.keys ${ADOPTED}`,
    ],
    [
      "with the issuer's own key",
      policyEntry({ keys: inline }),
      { ownFingerprints: new Set([key.fingerprint]) },
      "entries.0.keys.jwks.keys.1 is or was this issuer's own key, whose tokens are never exchanged here: leave it out",
    ],
    [
      'for another audience',
      policyEntry({ audience: 'sts.amazonaws.com' }),
      {},
      `${AUDIENCE} "sts.amazonaws.com": ${ELSEWHERE}`,
    ],
    [
      'for the identifier with a slash',
      policyEntry({ audience: `${ISSUER}/` }),
      {},
      `${AUDIENCE} "${ISSUER}/": ${ELSEWHERE}`,
    ],
    [
      'for a URL of this installation',
      policyEntry({ token: { audiences: ['https://own.example/control'] } }),
      {},
      OWN_AUDIENCE,
    ],
    ['for the issuer', policyEntry({ token: { audiences: [ISSUER] } }), {}, OWN_AUDIENCE],
    [
      'for the token endpoint',
      policyEntry({ token: { audiences: [`${ISSUER}/token`] } }),
      {},
      OWN_AUDIENCE,
    ],
    [
      'for the issuer in another spelling',
      policyEntry({ token: { audiences: ['HTTPS://oidc.example.com.:443/prod/'] } }),
      {},
      OWN_AUDIENCE,
    ],
    [
      'of too long a life',
      policyEntry({ token: { ttl: 3601 } }),
      {},
      'entries.0.token.ttl must be from 60 to 3600 seconds (tokenTtlMaxSeconds of this issuer), got 3601',
    ],
  ])('%s', async (_title, entry, changes, sentence) => {
    await expect(problemsOf([entry], contextWith(changes))).resolves.toEqual([sentence])
  })
})

test('URLs are asked for as they are written', async () => {
  const context = contextWith()
  const entry = policyEntry({
    issuer: 'https://Elsewhere.Example:443/',
    keys: { discovery: true, jwksHost: 'keys.example:8443' },
    token: { audiences: ['STS', 'https://A.example.:443'] },
  })
  await problemsOf([entry], context)
  expect(context.asked).toEqual([
    'https://Elsewhere.Example:443/',
    'https://keys.example:8443',
    'STS',
    'https://A.example.:443',
  ])
})

test('everything that is wrong is said, each at its entry', async () => {
  const entries = policyEntries(['eu', 'us'], {
    audience: 'x',
    token: { ttl: 7200, audiences: ['a', ISSUER] },
  })
  const problems = await problemsOf(entries, contextWith({ hasAdoptedKeys: true }))
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(
    [0, 1].flatMap((index) =>
      ['keys', 'audience', 'token.audiences.1', 'token.ttl'].map(
        (place) => `entries.${index}.${place}`,
      ),
    ),
  )
})
