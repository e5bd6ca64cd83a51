/**
 * Audiences and hosts of keys that are other issuers of the installation, under hosts of their own.
 */

import { describe, expect, test } from 'vitest'
import { setPolicy } from '../../../src/control/policy-operations.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { locationOf } from '../../../src/locations/issuer-location.ts'
import { anIssuer, aTombstone, NOW, refusalOf } from '../../support/fixtures.ts'
import { anEntry, aPolicy } from '../../support/stored-policies.ts'
import { DISCOVERED, hostWith, placesOf } from './policy-host.ts'

const ROOT = 'https://root.corp.example'
const PROD = 'https://id.corp.example/Prod'
const GONE = 'https://id.corp.example/gone'
const SIBLINGS: readonly StoredIssuer[] = [
  anIssuer({ id: 'root', issuer: ROOT }),
  anIssuer({ id: 'other', issuer: PROD }),
  aTombstone({ id: 'gone', issuer: GONE }),
]

async function installation(own: Partial<ReturnType<typeof anIssuer>> = {}) {
  const issuers = [anIssuer(own), ...SIBLINGS]
  const made = await hostWith(issuers)
  for (const { id, issuer } of issuers) {
    if (made.deps.isOwnUrl(issuer)) continue
    await made.deps.locations.claim(locationOf(issuer), id, NOW)
  }
  return made
}

const forAudiences = (...audiences: string[]) =>
  aPolicy(anEntry({ token: { subject: 'claims.sub', audiences } }))

describe('an audience', () => {
  test.each([
    ['other', PROD],
    ['other', `${PROD}/token`],
    ['other', `${PROD}/`],
    ['other', `${PROD}/token/`],
    ['other', 'HTTPS://ID.corp.example/Prod'],
    ['other', 'https://id.corp.example:443/Prod/token'],
    ['other', 'https://id.corp.example./Prod'],
    ['other', 'http://id.corp.example/Prod'],
    ['root', ROOT],
    ['root', `${ROOT}/`],
    ['root', `${ROOT}/token`],
    ['gone', GONE],
  ])('is not the issuer %s of this installation: %s', async (id, audience) => {
    const { set } = await installation()
    const outcome = await set(forAudiences('sts.amazonaws.com', audience))
    expect(placesOf(outcome)).toEqual(['entries.0.token.audiences.1'])
    expect(refusalOf(outcome).message).toContain(
      `which is that of issuer ${id} or of its token endpoint: name the relying party`,
    )
  })

  test.each([
    'https://id.corp.example',
    'https://id.corp.example/prod',
    `${PROD}-eu`,
    `${PROD}/tokens`,
    `${ROOT}/other`,
    'id.corp.example/Prod',
    'ftp://id.corp.example/Prod',
  ])('may be somebody else: %s', async (audience) => {
    const { set } = await installation()
    expect(await set(forAudiences(audience))).toMatchObject({ ok: true })
  })

  test('that is the very issuer is told once', async () => {
    const issuer = 'https://own.corp.example/prod'
    const { set } = await installation({ issuer })
    expect(placesOf(await set(forAudiences(issuer, `${issuer}/token`)))).toEqual([
      'entries.0.token.audiences.0',
      'entries.0.token.audiences.1',
    ])
  })

  test('is asked about where it can be an issuer, and once', async () => {
    const { deps } = await installation()
    const asked: string[] = []
    const claimantOf: typeof deps.claimantOf = async (location) => {
      asked.push(location)
      return undefined
    }
    const audiences = ['https://rp.example/a', 'https://rp.example/a/', '//iam.googleapis.com/x']
    const token = { subject: 'entry.name + ":" + claims.sub', audiences }
    const keys = { discovery: true } as const
    const policy = aPolicy(
      anEntry({ name: 'a', issuer: 'https://a.example', keys, token }),
      anEntry({ name: 'b', issuer: 'https://b.example', keys, token }),
    )
    const request = { id: 'prod', policy, dryRun: true, revision: undefined }
    expect(await setPolicy({ ...deps, claimantOf }, request)).toMatchObject({ ok: true })
    expect(asked.toSorted()).toEqual(['a.example', 'b.example', 'rp.example/a'])
  })
})

const withKeysAt = (jwksHost: string) =>
  aPolicy({ ...DISCOVERED, keys: { discovery: true, jwksHost } })

describe('the host of the keys of a source', () => {
  test('is not that of an issuer of this installation', async () => {
    const { set } = await installation()
    const outcome = await set(withKeysAt('root.corp.example'))
    expect(placesOf(outcome)).toEqual(['entries.0.keys.jwksHost'])
    expect(refusalOf(outcome).message).toContain('which is that of issuer root')
  })

  test('is told once where it is that of all issuers', async () => {
    const { set } = await installation()
    expect(placesOf(await set(withKeysAt('oidc.example.com')))).toEqual(['entries.0.keys.jwksHost'])
  })

  test('may be that of somebody else', async () => {
    const { set } = await installation()
    expect(await set(withKeysAt('keys.corp.example'))).toMatchObject({ ok: true })
  })
})
