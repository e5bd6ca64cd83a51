/**
 * What is wrong with an exchange policy for an issuer of an installation.
 */

import { describe, expect, test } from 'vitest'
import { setPolicy } from '../../../src/control/policy-operations.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { locationOf } from '../../../src/locations/issuer-location.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { policyKey } from '../../../src/policies/policy-repository.ts'
import {
  anAdoptedKey,
  anIssuer,
  aKey,
  aRing,
  aTombstone,
  NOW,
  refusalOf,
} from '../../support/fixtures.ts'
import { anEntry, aPolicy } from '../../support/stored-policies.ts'
import { newSubjectKey, type SubjectKey } from '../../support/subject-tokens.ts'
import { DISCOVERED, host, hostWith, placesOf } from './policy-host.ts'

describe('what is wrong', () => {
  test('is told in full, each in its place', async () => {
    const { set } = await host()
    const form = await set({
      entries: [{ ...anEntry(), name: 'Bad Name', marked: 1 }, anEntry({ condition: '' })],
    })
    expect(placesOf(form).toSorted()).toEqual([
      'entries.0.marked',
      'entries.0.name',
      'entries.1.condition',
    ])
    expect(refusalOf(form)).toMatchObject({ reason: 'invalid_request' })
    expect(refusalOf(form).message).toContain('entries.1.condition must be')
    const compiled = await set(
      aPolicy({ ...DISCOVERED, condition: 'unknown.x' }, anEntry({ name: 'b', condition: '1 +' })),
    )
    expect(placesOf(compiled)).toEqual(
      expect.arrayContaining(['entries.0.condition', 'entries.1.condition']),
    )
  })

  test.each<[title: string, entry: ReturnType<typeof anEntry>, place: string]>([
    [
      'an audience on our own host',
      anEntry({ token: { subject: 'claims.sub', audiences: ['https://oidc.example.com/test'] } }),
      'entries.0.token.audiences.0',
    ],
    [
      'a lifetime above that of the issuer',
      anEntry({ token: { subject: 'claims.sub', audiences: ['a'], ttl: 86_401 } }),
      'entries.0.token.ttl',
    ],
    [
      'http',
      anEntry({ issuer: 'http://localhost:1', keys: { discovery: true } }),
      'entries.0.issuer',
    ],
    [
      'our own host by discovery',
      anEntry({ issuer: 'https://oidc.example.com/test', keys: { discovery: true } }),
      'entries.0.issuer',
    ],
    [
      'an audience of another issuer',
      anEntry({ audience: 'https://oidc.example.com/test' }),
      'entries.0.audience',
    ],
  ])('is %s', async (_title, entry, place) => {
    const { set, store } = await host()
    expect(placesOf(await set(aPolicy(entry)))).toEqual([place])
    expect(placesOf(await set(aPolicy(entry), undefined, true))).toEqual([place])
    expect(await store.get(policyKey('prod'))).toBeUndefined()
  })

  test('is any other key set than the adopted keys of an issuer that has some', async () => {
    const { set } = await host({ ring: aRing({ adopted: [anAdoptedKey()] }) })
    expect(placesOf(await set(aPolicy(DISCOVERED)))).toEqual(['entries.0.keys'])
    expect((await set(aPolicy())).ok).toBe(true)
  })

  test('is no other key set once adopted keys are published no longer', async () => {
    const withdrawal = { at: NOW - 60, publishedUntil: NOW }
    const { set } = await host({ ring: aRing({ adopted: [anAdoptedKey({ withdrawal })] }) })
    expect((await set(aPolicy(DISCOVERED))).ok).toBe(true)
  })
})

describe('an issuer of this installation under a host of its own', () => {
  const OWN_URL = 'https://id.corp.example/prod'

  async function claimed(stored: StoredIssuer | undefined) {
    const made = await host()
    const location = locationOf(OWN_URL)
    await made.deps.locations.claim(location, stored?.id ?? 'other', NOW)
    if (stored !== undefined) await made.issuers.insert(stored)
    const trust = (issuer: string, members: object = {}) =>
      made.set(aPolicy(anEntry({ issuer, keys: { discovery: true }, ...members })), undefined, true)
    return { ...made, trust }
  }

  test.each([
    OWN_URL,
    'https://ID.corp.example/prod',
    `${OWN_URL}/`,
    'https://id.corp.example:443/prod',
    'https://id.corp.example./prod',
  ])('is not trusted by discovery: %s', async (issuer) => {
    const { trust } = await claimed(anIssuer({ id: 'other', issuer: OWN_URL }))
    const outcome = await trust(issuer)
    expect(placesOf(outcome)).toEqual(['entries.0.issuer'])
    expect(refusalOf(outcome).message).toContain('must not be an issuer of this installation')
  })

  test('is not trusted either after it was deleted', async () => {
    const { trust } = await claimed(aTombstone({ id: 'other', issuer: OWN_URL }))
    expect(placesOf(await trust(OWN_URL))).toEqual(['entries.0.issuer'])
  })

  test('is somebody else under another path', async () => {
    const { trust } = await claimed(anIssuer({ id: 'other', issuer: OWN_URL }))
    const others = [`${OWN_URL}-eu`, 'https://id.corp.example', 'https://id.corp.example/Prod']
    for (const issuer of others) expect((await trust(issuer)).ok).toBe(true)
  })

  test('is nobody where a creation came to nothing', async () => {
    const { trust } = await claimed(undefined)
    expect((await trust(OWN_URL)).ok).toBe(true)
  })
})

describe('keys of an issuer of this installation, written down as those of a source', () => {
  const own = newSubjectKey('RS256')
  const other = newSubjectKey('RS256')
  const former = { fingerprint: own.fingerprint, origin: 'own', kid: own.kid } as const
  const DEFAULT_URL = 'https://oidc.example.com/demo'
  const CUSTOM_URL = 'https://id.corp.example/demo'
  const signing = aRing({ keys: [aKey({ kid: own.kid, publicJwk: own.publicJwk })] })

  async function trusting(sibling: StoredIssuer, issuer: string, ...keys: SubjectKey[]) {
    const made = await hostWith([anIssuer(), sibling])
    if (sibling.issuer === CUSTOM_URL) {
      await made.deps.locations.claim(locationOf(CUSTOM_URL), sibling.id, NOW)
    }
    const jwks = { keys: keys.map(({ jwk }) => jwk) }
    return made.set(aPolicy(anEntry({ issuer, keys: { jwks } })))
  }

  test.each<[title: string, sibling: StoredIssuer, issuer: string]>([
    ['that signs', anIssuer({ id: 'demo', issuer: DEFAULT_URL, ring: signing }), DEFAULT_URL],
    [
      'that signs, by another spelling',
      anIssuer({ id: 'demo', issuer: DEFAULT_URL, ring: signing }),
      'https://OIDC.example.com:443/demo/',
    ],
    [
      'that signed once',
      anIssuer({ id: 'demo', issuer: DEFAULT_URL, ring: aRing({ former: [former] }) }),
      DEFAULT_URL,
    ],
    [
      'of a host of its own',
      anIssuer({ id: 'demo', issuer: CUSTOM_URL, ring: signing }),
      CUSTOM_URL,
    ],
    [
      'of one that was deleted',
      aTombstone({ id: 'demo', issuer: DEFAULT_URL, kids: [own.kid] }),
      DEFAULT_URL,
    ],
  ])('are refused: one %s', async (_title, sibling, issuer) => {
    const outcome = await trusting(sibling, issuer, other, own)
    expect(placesOf(outcome)).toEqual(['entries.0.keys.jwks.keys.1'])
    expect(refusalOf(outcome).message).toContain(
      'is or was a key of issuer demo of this installation, whose tokens are never exchanged here: leave it out',
    )
  })

  test.each<[title: string, sibling: StoredIssuer, issuer: string]>([
    [
      'of the cluster whose keys it publishes',
      anIssuer({
        id: 'demo',
        issuer: DEFAULT_URL,
        policy: { ...DEFAULT_POLICY, custody: 'none' },
        ring: aRing({
          keys: [],
          adopted: [anAdoptedKey({ kid: own.kid, fingerprint: own.fingerprint })],
          former: [{ ...former, origin: 'adopted' }],
        }),
      }),
      DEFAULT_URL,
    ],
    [
      'of somebody else, whose tokens are then not those of ours',
      anIssuer({ id: 'demo', issuer: DEFAULT_URL, ring: signing }),
      'https://elsewhere.example/demo',
    ],
  ])('are taken: one %s', async (_title, sibling, issuer) => {
    expect((await trusting(sibling, issuer, own)).ok).toBe(true)
  })

  test('are told once where they are those of the very issuer', async () => {
    const { set } = await host({ ring: signing })
    const entry = anEntry({ issuer: anIssuer().issuer, keys: { jwks: { keys: [own.jwk] } } })
    expect(placesOf(await set(aPolicy(entry)))).toEqual(['entries.0.keys.jwks.keys.0'])
  })

  test('are asked about once, however many entries have their issuer', async () => {
    const { deps, set } = await host()
    const asked: string[] = []
    const claimantOf: typeof deps.claimantOf = async (location) => {
      asked.push(location)
      return undefined
    }
    const entries = [own, other].map(({ jwk }, index) =>
      anEntry({
        name: `c${index}`,
        issuer: 'https://kubernetes.default.svc',
        keys: { jwks: { keys: [jwk] } },
        token: { subject: 'entry.name + ":" + claims.sub', audiences: ['sts.amazonaws.com'] },
      }),
    )
    const counting = { ...deps, claimantOf }
    const request = { id: 'prod', policy: { entries }, dryRun: true, revision: undefined }
    expect(await setPolicy(counting, request)).toMatchObject({ ok: true })
    expect(asked).toEqual(['kubernetes.default.svc'])
    expect((await set({ entries })).ok).toBe(true)
  })
})
