/**
 * Rotations with nothing due, beside loading the document alone: its read from storage, and its form checked.
 */

import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { formatStoredIssuer } from '../../src/issuers/issuer-codec.ts'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import { issuerKey, issuerRepository } from '../../src/issuers/issuer-repository.ts'
import { retentionInForce } from '../../src/issuers/policy-in-force.ts'
import { rotateAll } from '../../src/jobs/rotate-all.ts'
import { planRotation } from '../../src/keyring/plan-rotation.ts'
import { publishedRing } from '../../src/keyring/published-ring.ts'
import { publicationBounds } from '../../src/reading/publication-bounds.ts'
import type { KeyManager } from '../../src/signers/key-manager.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import { assertIs } from './assert-is.ts'
import { checkedRun, clock, log, rotationOver, unchangingStore } from './fixed-hosts.ts'
import type { Compared } from './messages.ts'
import { MANY_KEYS, NOW, ringOfMany, usualRing } from './rings.ts'
import type { RotationWay } from './rotation-way.ts'

const JOB_ISSUERS = 1000
/** Some 20 ms in memory, three times as long with S3. */
const BATCH_RUNS = 40
const PLANS = 100

/** In memory with custody `sealed`, and in S3 with custody `kms`. */
export async function idleWays(
  sealed: KeyManager,
  kms: KeyManager,
  s3: DocumentStore,
): Promise<RotationWay[]> {
  const usual = await usualRing({ id: 'usual', alg: 'RS256', manager: sealed })
  const many = await ringOfMany({ id: 'many', alg: 'RS256', manager: sealed })
  const usualInS3 = await usualRing({ id: 'usual', alg: 'RS256', manager: kms })
  const manyInS3 = await ringOfMany({ id: 'many', alg: 'RS256', manager: kms })
  const bounds = publicationBounds(s3)
  const published = publishedRing(many.ring, retentionInForce(many, bounds, NOW), NOW)
  assertIs('the keys of the large JWK Set', published.length, MANY_KEYS)
  for (const document of [usualInS3, manyInS3]) await insert(s3, document)
  return [
    ...pair('idle, S3', usualInS3, kms, s3),
    ...pair('idle, S3, many keys', manyInS3, kms, s3),
    ...pair('idle', usual, sealed, unchangingStore(usual)),
    planAlone('idle', usual),
    ...pair('idle, many keys', many, sealed, unchangingStore(many)),
    planAlone('idle, many keys', many),
  ]
}

function pair(
  of: Compared,
  { id }: IssuerDocument,
  manager: KeyManager,
  store: DocumentStore,
): RotationWay[] {
  const issuers = issuerRepository(store)
  const loadAlone = async () => {
    await issuers.load(id)
  }
  const run = checkedRun(rotationOver(store, manager), id, '')
  return [
    { of, way: 'alone', batch: BATCH_RUNS, run: loadAlone },
    { of, way: 'rotation', batch: BATCH_RUNS, run },
  ]
}

function planAlone(of: Compared, document: IssuerDocument): RotationWay {
  const evidence = { observations: [], bounds: publicationBounds({ stalenessSeconds: 0 }) }
  const run = async () => {
    for (let plan = 0; plan < PLANS; plan += 1) planRotation(document, evidence, NOW)
  }
  return { of, way: 'plan', each: PLANS, batch: 10, run }
}

/** Of ES256, since two thousand keys are made for it. */
export async function jobWays(manager: KeyManager): Promise<RotationWay[]> {
  const documents = memoryStore()
  const ids = Array.from({ length: JOB_ISSUERS }, (_, n) => `issuer-${n}`)
  for (const id of ids) await insert(documents, await usualRing({ id, alg: 'ES256', manager }))
  const issuers = issuerRepository(documents)
  const rotation = rotationOver(documents, manager)
  const loadAll = async () => {
    for (const id of ids) await issuers.load(id)
  }
  const job = async () => {
    const done = await rotateAll({ documents, rotation, clock, log })
    const { changed, waiting, failed, unvisited } = done
    const counts = [done.issuers, changed, waiting, failed, unvisited].join()
    assertIs('what the job did', counts, `${JOB_ISSUERS},0,0,0,0`)
  }
  const common = { of: 'job', each: JOB_ISSUERS, batch: 1 } as const
  return [
    { ...common, way: 'alone', run: loadAll },
    { ...common, way: 'rotation', run: job },
  ]
}

async function insert(documents: DocumentStore, document: IssuerDocument): Promise<void> {
  const key = issuerKey(document.id)
  const outcome = await documents.put(key, formatStoredIssuer(document), { ifNoneMatch: '*' })
  assertIs(`the write of ${key}`, outcome, 'written')
}
