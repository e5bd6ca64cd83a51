/**
 * What rotations and sweeps are not asked for: bad bodies, and issuers that there are not. Each refusal leaves the ring as it was.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { control, createIssuer, newIssuerId } from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { refusalProblems } from './refusals.ts'
import { leavingRing, observed, rotate, type SentObservation } from './rotating.ts'

const VERSION =
  'observation.ringVersion must be the Signet-Ring-Version that came with the JWK Set, a whole number of at least 1, got'
const KEYS = 'observation.jwks.keys must be a list of at most 200 JWKs, got'
const JWK = 'must be a JWK, which is a JSON object, got'
const DAYS = 'windowDays must be a whole number of days from 7 to 30, got'
const SLOT = 'takeBack must be a slot, as a sweep names it, got'
const GOOD = { ringVersion: 1, jwks: { keys: [] } }

const BAD_ROTATIONS: [title: string, body: object, says: string][] = [
  ['a dry run in words', { dryRun: 'yes' }, 'dryRun must be true or false, got "yes"'],
  ['a dry run that is null', { dryRun: null }, 'dryRun must be true or false, got null'],
  ['a dry run that is a number', { dryRun: 1 }, 'dryRun must be true or false, got 1'],
  ['an unknown member', { force: true }, 'unknown member "force": known are dryRun, observation'],
  ['an observation that is null', { observation: null }, 'observation must be a JSON object, got'],
  ['an observation in a list', { observation: [GOOD] }, 'observation must be a JSON object, got'],
  ['an empty observation', { observation: {} }, `${VERSION} nothing`],
  ['an observation without keys', { observation: { ringVersion: 1 } }, 'observation.jwks must be'],
  ['no version', { observation: { jwks: GOOD.jwks } }, `${VERSION} nothing`],
  ['version 0', { observation: { ...GOOD, ringVersion: 0 } }, `${VERSION} 0`],
  ['a negative version', { observation: { ...GOOD, ringVersion: -1 } }, `${VERSION} -1`],
  ['half a version', { observation: { ...GOOD, ringVersion: 1.5 } }, `${VERSION} 1.5`],
  ['a version as text', { observation: { ...GOOD, ringVersion: '1' } }, `${VERSION} "1"`],
  ['a version beyond all', { observation: { ...GOOD, ringVersion: 1e300 } }, `${VERSION} 1e+300`],
  [
    'a moment, which is that of the host',
    { observation: { ...GOOD, at: 1 } },
    'unknown member "observation.at": known are ringVersion, jwks',
  ],
  [
    'keys that are no JWK Set',
    { observation: { ...GOOD, jwks: [] } },
    'observation.jwks must be a JSON object, got a list',
  ],
  [
    'an unknown member of a JWK Set',
    { observation: { ...GOOD, jwks: { keys: [], issuer: 'x' } } },
    'unknown member "observation.jwks.issuer": known is keys',
  ],
  ['a JWK Set without keys', { observation: { ...GOOD, jwks: {} } }, `${KEYS} nothing`],
  ['keys in an object', { observation: { ...GOOD, jwks: { keys: {} } } }, KEYS],
  ['a key that is null', withKeys([{}, null]), `observation.jwks.keys.1 ${JWK} null`],
  ['a key that is a text', withKeys(['x']), `observation.jwks.keys.0 ${JWK} "x"`],
  ['201 keys', withKeys(Array.from({ length: 201 }, () => ({}))), KEYS],
]

const BAD_SWEEPS: [title: string, body: object, says: string][] = [
  ['a dry run in words', { dryRun: 'no' }, 'dryRun must be true or false, got "no"'],
  [
    'an unknown member',
    { days: 7 },
    'unknown member "days": known are dryRun, windowDays, takeBack',
  ],
  ['a window of 6 days', { windowDays: 6 }, `${DAYS} 6`],
  ['a window of 31 days', { windowDays: 31 }, `${DAYS} 31`],
  ['a window of 7.5 days', { windowDays: 7.5 }, `${DAYS} 7.5`],
  ['a negative window', { windowDays: -7 }, `${DAYS} -7`],
  ['a window as text', { windowDays: '7' }, `${DAYS} "7"`],
  ['a window that is null', { windowDays: null }, `${DAYS} null`],
  ['a slot that is a number', { takeBack: 1 }, `${SLOT} 1`],
  ['a slot that is null', { takeBack: null }, `${SLOT} null`],
]

function withKeys(keys: readonly unknown[]): object {
  return { observation: { ...GOOD, jwks: { keys } } }
}

export function describeRotationRefusals(getHost: () => TestHost): void {
  let shared = ''

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
  })

  const refused = (work: string, json: object) =>
    leavingRing(getHost(), shared, () =>
      control(getHost(), 'POST', `/issuers/${shared}/${work}`, { json }),
    )

  describe('a rotation', () => {
    test.each(BAD_ROTATIONS)('is not asked for by %s', async (_title, body, says) => {
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(await refused('rotate', body), refusal)).toStrictEqual([])
    })

    test('takes 200 keys, of which nobody knows any', async () => {
      const host = getHost()
      const { id } = await createIssuer(host)
      const { ringVersion } = await observed(host, id)
      const keys: SentObservation['jwks']['keys'] = Array.from({ length: 200 }, () => ({}))
      const { actions } = await rotate(host, id, { observation: { ringVersion, jwks: { keys } } })
      expect(actions).toMatchObject([{ type: 'create' }])
    })
  })

  describe('a sweep', () => {
    test.each(BAD_SWEEPS)('is not asked for by %s', async (_title, body, says) => {
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(await refused('sweep', body), refusal)).toStrictEqual([])
    })

    test.each(['slot-of-nobody', '', 'a"b\nc'])(
      'takes back nothing that the issuer has not forgotten (%j)',
      async (takeBack) => {
        const says = `takeBack must be a slot that issuer ${shared} has forgotten, got "`
        const refusal = { status: 400, error: 'invalid_request', says }
        expect(refusalProblems(await refused('sweep', { takeBack }), refusal)).toStrictEqual([])
      },
    )
  })

  describe.each(['rotate', 'sweep'])('%s', (work) => {
    test('finds no issuer that there never was', async () => {
      const id = newIssuerId()
      const response = await control(getHost(), 'POST', `/issuers/${id}/${work}`)
      const says = `there is no issuer ${id}: list the issuers to see their ids`
      const refusal = { status: 404, error: 'issuer_not_found', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })

    test('of a bad id says what an id is', async () => {
      const response = await control(getHost(), 'POST', `/issuers/Prod/${work}`)
      const refusal = { status: 400, error: 'invalid_request', says: 'id must be 1 to 63' }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })

    test('is told of a bad body before anything is done for an issuer', async () => {
      const json = { dryRun: 'yes' }
      const path = `/issuers/${newIssuerId()}/${work}`
      const refusal = { status: 400, error: 'invalid_request', says: 'dryRun must be' }
      const response = await control(getHost(), 'POST', path, { json })
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })
  })

  test('a deleted issuer is not rotated, and says that it was deleted', async () => {
    const host = getHost()
    const { id } = await createIssuer(host)
    await control(host, 'DELETE', `/issuers/${id}`)
    for (const json of [{}, { dryRun: true }]) {
      const response = await control(host, 'POST', `/issuers/${id}/rotate`, { json })
      const says = `issuer ${id} was deleted, and its id is never given again`
      const refusal = { status: 410, error: 'issuer_deleted', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    }
  })
}
