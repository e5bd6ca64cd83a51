import { describe, expect, test } from 'vitest'
import { documentRenderer } from '../../../src/documents/rendered-documents.ts'
import { documentLane } from '../../../src/http/document-lane.ts'
import { type PublicCopy, publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { locationOf } from '../../../src/locations/issuer-location.ts'
import { KNOWN_URL_CHARS_MAX, KNOWN_URLS_MAX } from '../../../src/limits.ts'
import {
  anAdoptedKey,
  anIssuer,
  aRing,
  aTombstone,
  NO_BOUNDS,
  NOW,
} from '../../support/fixtures.ts'

const ISSUER = 'https://oidc.example.com/prod'
const LOCATION = locationOf(ISSUER)
const URL_OF_SET = `${ISSUER}/.well-known/jwks.json`
const LEAVING = anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 100 } })
const COPY = publicCopyOf(anIssuer({ ring: aRing({ adopted: [LEAVING] }) }))

/** A lane over one copy in memory, which was rendered at `NOW`. */
async function laneOver(inMemory: PublicCopy | undefined = COPY) {
  const memory: { copy: PublicCopy | undefined; now: number } = { copy: inMemory, now: NOW }
  const renderer = documentRenderer(NO_BOUNDS)
  if (inMemory?.kind === 'issuer') await renderer.render(inMemory, NOW)
  const lane = documentLane({
    reader: { readFromMemory: (location) => (location === LOCATION ? memory.copy : undefined) },
    renderer,
    clock: { now: () => memory.now },
  })
  const get = (url = URL_OF_SET, init: RequestInit = {}) => lane.answer(new Request(url, init))
  return { lane, memory, get }
}

describe('the short way', () => {
  test('has a document that it was taught, with its headers', async () => {
    const { lane, get } = await laneOver()
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    const response = get()
    expect(response?.status).toBe(200)
    expect(response?.headers.get('Content-Type')).toBe('application/jwk-set+json')
    expect(await response?.json()).toMatchObject({ keys: [{ kid: 'kid-a' }, { kid: LEAVING.kid }] })
  })

  test('says that a document has not changed', async () => {
    const { lane, get } = await laneOver()
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    const etag = get()?.headers.get('ETag') ?? ''
    expect(get(URL_OF_SET, { headers: { 'If-None-Match': etag } })?.status).toBe(304)
  })

  test('tells the documents of an issuer apart', async () => {
    const { lane, get } = await laneOver()
    const discovery = `${ISSUER}/.well-known/openid-configuration`
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    lane.learn(discovery, 'discovery', LOCATION)
    expect(await get(discovery)?.json()).toMatchObject({ issuer: ISSUER })
  })

  test('leaves to the long way what it was not taught', async () => {
    const { get } = await laneOver()
    expect(get()).toBeUndefined()
  })

  test.each(['HEAD', 'POST', 'OPTIONS'])('leaves %s to the long way', async (method) => {
    const { lane, get } = await laneOver()
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    expect(get(URL_OF_SET, { method })).toBeUndefined()
  })

  test('leaves to the long way what is not in memory any more', async () => {
    const { lane, memory, get } = await laneOver()
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    memory.copy = undefined
    expect(get()).toBeUndefined()
  })

  test('leaves a deleted issuer to the long way', async () => {
    const { lane, get } = await laneOver(publicCopyOf(aTombstone()))
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    expect(get()).toBeUndefined()
  })

  test('leaves a copy that was not rendered to the long way', async () => {
    const { lane, memory, get } = await laneOver()
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    memory.copy = publicCopyOf(anIssuer({ revision: 2 }))
    expect(get()).toBeUndefined()
  })

  test('leaves a set that a key has left by time to the long way', async () => {
    const { lane, memory, get } = await laneOver()
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    memory.now = NOW + 99
    expect(get()).toBeDefined()
    memory.now = NOW + 100
    expect(get()).toBeUndefined()
  })

  test.each([
    ['with a query', `${URL_OF_SET}?a=1`],
    ['that is too long', `${ISSUER}/${'a'.repeat(KNOWN_URL_CHARS_MAX)}`],
  ])('does not learn a URL %s', async (_title, url) => {
    const { lane, get } = await laneOver()
    lane.learn(url, 'jwkSet', LOCATION)
    expect(get(url)).toBeUndefined()
  })

  test('forgets the oldest URL for the newest', async () => {
    const { lane, get } = await laneOver()
    lane.learn(URL_OF_SET, 'jwkSet', LOCATION)
    for (let n = 1; n < KNOWN_URLS_MAX; n += 1) lane.learn(`${ISSUER}/${n}`, 'jwkSet', LOCATION)
    expect(get()).toBeDefined()
    lane.learn(`${ISSUER}/last`, 'jwkSet', LOCATION)
    expect(get()).toBeUndefined()
    expect(get(`${ISSUER}/last`)).toBeDefined()
  })
})
