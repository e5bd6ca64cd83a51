/**
 * A Worker that has every custody, in this process: its copies are seen late, and its keys go from one custody to the next.
 */

import { expect, onTestFinished, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { wrappedKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import { publicationBounds } from '../../src/reading/publication-bounds.ts'
import { publicCopyBody } from '../../src/reading/public-copy-body.ts'
import { publicIssuersFromCopies } from '../../src/reading/public-issuers.ts'
import { keyManagers } from '../../src/signers/key-managers.ts'
import type { DocumentReader } from '../../src/storage/document-store.ts'
import { startKmsFake } from '../support/aws/kms-fake.ts'
import { kmsAt, newWrappingKey, SIGNERS } from '../support/aws/kms-managers.ts'
import { keptIn } from './aws-world.ts'
import { DAY, HOUR, seededRandom, START } from './controlled-time.ts'
import { jobOver, wholeHost } from './hosts-over-ports.ts'
import { expectSwept } from './killed-rotation.ts'
import { lateCopies } from './late-copies.ts'
import { lifeUntil, mortal } from './mortal-calls.ts'
import { ringLife } from './ring-life.ts'
import { createdIssuer } from './ring-operator.ts'
import { type RingWorld, ringWorld } from './ring-world.ts'
import { readSwitch } from './switched-reads.ts'
import { change, FIRST_POLICY, liveThrough } from './two-years.ts'

const DEPLOYMENT = 'test'
const PUBLIC_URL = 'https://oidc.acme.dev'
const CONTROL_SECRET = 'control-secret-of-the-tests'
const SEED = 3

async function worldWithKms(): Promise<RingWorld> {
  const clock = { seconds: START }
  const kms = await startKmsFake({ now: () => clock.seconds })
  onTestFinished(() => kms.close())
  const api = kmsAt(kms.url)
  const wrappingKey = await newWrappingKey(kms.url)
  const store = memoryStore()
  const copies: DocumentReader = {
    name: 'copies',
    stalenessSeconds: 300,
    get: async (key) => {
      const found = await store.get(key)
      return found && { body: publicCopyBody(key, found.body) }
    },
  }
  const late = lateCopies({ copies, clock, random: seededRandom(SEED) })
  const documents = late.noting(store)
  const { outage, switched } = readSwitch()
  const keysOf = (life = lifeUntil()) => {
    const secret = new Uint8Array(32).fill(1)
    const common = { kms: mortal(api, life), deployment: DEPLOYMENT }
    return keyManagers(
      sealedKeyManager({ secret, deployment: DEPLOYMENT }),
      kmsKeyManager({ ...common, signers: SIGNERS }),
      ...wrappedKeyManagers({ ...common, wrappingKey }),
    )
  }
  const world: RingWorld = ringWorld({
    name: 'a Worker with KMS',
    custodies: ['sealed', 'kms', 'kms-wrapped'],
    publicUrl: PUBLIC_URL,
    controlSecret: CONTROL_SECRET,
    stalenessSeconds: publicationBounds(copies).documentStalenessSeconds,
    clock,
    outage,
    hostAt: (place) => {
      const publicIssuers = publicIssuersFromCopies(switched(late.readerAt(place)))
      const ports = { documents, publicIssuers, keyManagers: keysOf(), clock }
      const fetch: typeof globalThis.fetch = (input, init) =>
        world.request(place, new Request(input, init))
      const options = { controlSecret: CONTROL_SECRET, fetch }
      const names = { publicUrl: PUBLIC_URL, deployment: DEPLOYMENT }
      return wholeHost({ ...ports, ...names }, place, options)
    },
    jobOf: (place, fetch, life) => {
      const ports = { documents: mortal(documents, life), publicIssuers: copies, clock }
      return jobOver({ ...ports, keyManagers: keysOf(life) }, place, fetch)
    },
    storedBody: async (id) => (await store.get(issuerKey(id)))?.body ?? '',
    keptKeys: async (id) => keptIn(kms, id),
  })
  return world
}

test('a ring goes from sealed keys to KMS, to wrapped keys, and back, and no token is lost', async () => {
  const world = await worldWithKms()
  const operator = await createdIssuer(world, { ...FIRST_POLICY, custody: 'sealed' })
  const life = ringLife(world, operator)
  const acts = [
    { day: 20, act: change({ custody: 'kms' }) },
    { day: 50, act: change({ custody: 'kms-wrapped', jwksMaxAgeSeconds: 2 * HOUR }) },
    { day: 70, act: change({ custody: 'kms' }) },
    // Taken back while the successor stands by.
    { day: 90, act: change({ custody: 'kms-wrapped' }) },
    { day: 91, act: change({ custody: 'sealed' }) },
  ]
  const start = world.clock.seconds
  await liveThrough(world, life, { days: 120, acts, gaps: [{ from: 40, until: 48 }] }, SEED)
  expect(world.clock.seconds - start).toBeGreaterThanOrEqual(120 * DAY)
  const custodies = life.signers.map(({ custody }) => custody)
  expect(custodies.filter((custody, index) => custody !== custodies[index - 1])).toEqual([
    'sealed',
    'kms',
    'kms-wrapped',
    'kms',
    'sealed',
  ])
  await expectSwept(world, operator)
}, 60_000)
