/**
 * Generated requests for a token: mostly good in each of their parts, so that some are good in all of them.
 */

import * as fc from 'fast-check'
import { claims, damage, header, mostly, rewriting } from './odd-tokens.ts'
import { AUDIENCES, type FuzzEntry, STS } from './policies.ts'
import { type FuzzSource, SOURCES, STRANGER } from './sources.ts'

export type FormFields = readonly (readonly [name: string, value: string])[]

const TYPE = 'urn:ietf:params:oauth:token-type:'
const TYPES = ['jwt', 'id_token', 'access_token'].map((name) => TYPE + name)
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const TARGETS = [...AUDIENCES, '', 'elsewhere', '*', 'STS.amazonaws.com', 'a\0', 'a'.repeat(256)]
const FIELDS: FormFields = [
  ['actor_token', 'x'],
  ['actor_token_type', TYPES[0] ?? ''],
  ['scope', 'openid'],
  ['client_secret', 'x'],
  ['client_assertion', 'x'],
  ['audience', STS],
  ['resource', 'https://api.example.org/v1'],
  ['subject_token', 'x'],
  ['grant_type', 'x'],
  ['actor_token', ''],
  ['scope', ''],
  ['client_id', 'x'],
  ['unknown', '%'],
]

const form = fc.record({
  grant: mostly(fc.constant(GRANT), ['', 'password', 'urn:x'], 60),
  type: mostly(fc.constantFrom(...TYPES), ['', 'jwt', `${TYPE}saml2`, `${TYPE}JWT`], 60),
  target: mostly(fc.constant('of the entry'), TARGETS, 12),
  targetName: mostly(fc.constant('audience'), ['resource'], 10),
  requested: mostly(fc.constantFrom(...TYPES, ''), ['x', `${TYPE}refresh_token`], 40),
  more: mostly(
    fc.constant<FormFields>([]),
    FIELDS.map((field): FormFields => [field]),
    30,
  ),
})

/** The first ones are good. */
const audiencesOf = (issuer: string): readonly unknown[] => [
  issuer,
  [issuer],
  `${issuer}/token`,
  [`${issuer}/token`],
  [issuer, STS],
  [issuer, issuer],
  [],
  STS,
  `${issuer}/`,
  issuer.toUpperCase(),
  [[issuer]],
  undefined,
]
const GOOD_AUDIENCES = 4

/** A request before its issuer is known. */
export const requestPlan = fc.record({
  /** Which entry of the policy the token is of, or which source, wherever that stands. */
  of: fc.oneof(
    { weight: 20, arbitrary: fc.record({ entry: fc.nat({ max: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ source: fc.constantFrom(...SOURCES, STRANGER) }) },
  ),
  key: fc.nat({ max: 1 }),
  aud: fc.oneof(
    { weight: 30, arbitrary: fc.nat({ max: GOOD_AUDIENCES - 1 }) },
    fc.nat({ max: audiencesOf('').length - 1 }),
  ),
  iss: mostly(fc.constant<unknown>('of the source'), [
    ...SOURCES.map(({ issuer }) => issuer),
    'https://a.example.net/',
    'our own',
    undefined,
    7,
  ]),
  signedBy: mostly(fc.constant('the key'), ['a stranger', 'another source']),
  claims,
  claimsText: rewriting,
  header,
  headerText: rewriting,
  damage,
  form,
})
export type Plan = typeof requestPlan extends fc.Arbitrary<infer T> ? T : never

/** The form of a plan, for an issuer with these entries. */
export function fieldsOf(plan: Plan, entries: readonly FuzzEntry[], issuer: string): FormFields {
  const { grant, type, target, targetName, requested, more } = plan.form
  const entry = 'entry' in plan.of ? entries[plan.of.entry % entries.length] : undefined
  const source = 'source' in plan.of ? plan.of.source : (entry?.source ?? STRANGER)
  return [
    ['grant_type', grant],
    ['subject_token', plan.damage(tokenOf(plan, source, issuer))],
    ['subject_token_type', type],
    [targetName, target === 'of the entry' ? (entry?.audiences[0] ?? STS) : target],
    ...(requested === '' ? [] : [['requested_token_type', requested] as const]),
    ...more,
  ]
}

function tokenOf(plan: Plan, source: FuzzSource, issuer: string): string {
  const key = source.keys[plan.key % source.keys.length]
  const others = { 'a stranger': STRANGER.keys[0], 'another source': SOURCES[1]?.keys[0] }
  const signer = Object.hasOwn(others, plan.signedBy)
    ? others[plan.signedBy as keyof typeof others]
    : key
  if (key === undefined || signer === undefined) throw new TypeError('every source has a key')
  const { alg, kid, typ, more } = plan.header
  const headerText = JSON.stringify({
    alg: alg === 'as signed' ? signer.alg : alg,
    kid: kid === 'of the key' ? key.kid : kid,
    typ,
    ...more,
  })
  const named = plan.iss === 'our own' ? issuer : plan.iss
  const iss = named === 'of the source' ? source.issuer : named
  const claimsText = JSON.stringify({ iss, aud: audiencesOf(issuer)[plan.aud], ...plan.claims })
  return signer.signText(plan.headerText(headerText), plan.claimsText(claimsText))
}
