/**
 * The signing process: signs in batches that take turns, through WebCrypto alone and as hosts of Signet do, with keys that
 * were opened before. Its one argument is the number of batches.
 */

import { randomBytes } from 'node:crypto'
import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { wrappedKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import {
  ALGORITHMS,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
} from '../../src/crypto/algorithms.ts'
import type { Bytes } from '../../src/crypto/base64url.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import { type KeyManagers, keyManagers, openKey } from '../../src/signers/key-managers.ts'
import { rememberingSigners } from '../../src/signers/remembered-signers.ts'
import { FAKE_REGION, startKmsFake } from '../../test/support/aws/kms-fake.ts'
import { FAKE_CREDENTIALS, newWrappingKey } from '../../test/support/aws/kms-managers.ts'
import { inRounds } from '../rounds.ts'
import type { SigningFigures } from './messages.ts'

type Sign = (data: Bytes) => Promise<unknown>

interface Way {
  readonly alg: SigningAlgorithm
  readonly way: SigningFigures['way']
  readonly sign: Sign
}

const DEPLOYMENT = 'bench'
/** About 150 ms each. */
const BATCH_SIGNATURES = { RS256: 200, ES256: 2000 } as const
const WARM_BATCHES = 3
/** As long as the signing input of a token of a service account. */
const INPUT_BYTES = 600

async function startManagers(): Promise<KeyManagers> {
  const { url: endpoint } = await startKmsFake()
  const kms = retryingKms(
    kmsOverSdk({ region: FAKE_REGION, endpoint, credentials: FAKE_CREDENTIALS }),
  )
  const wrappingKey = await newWrappingKey(endpoint)
  const secret = Uint8Array.from(randomBytes(32))
  const sealed = rememberingSigners(sealedKeyManager({ secret, deployment: DEPLOYMENT }))
  return keyManagers(sealed, ...wrappedKeyManagers({ kms, deployment: DEPLOYMENT, wrappingKey }))
}

async function raw(alg: SigningAlgorithm): Promise<Sign> {
  const { generate, import: parameters, sign } = ALGORITHMS[alg]
  const pair = await crypto.subtle.generateKey(generate, true, ['sign', 'verify'])
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey)
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign'])
  return (data) => crypto.subtle.sign(sign, key, data)
}

/** As a token is signed: the key is opened for each, and is found in memory. */
async function remembered(
  managers: KeyManagers,
  custody: KeyCustody,
  alg: SigningAlgorithm,
): Promise<Sign> {
  const binding = { issuerId: 'bench', slot: `${custody}-${alg}`, alg }
  const { keyRef } = await managers.of(custody).create(binding)
  return async (data) => (await openKey(managers, { ...binding, custody, keyRef })).sign(data)
}

async function batch({ alg, sign }: Way): Promise<{ cpuMicros: number; perSecond: number }> {
  const data = new Uint8Array(INPUT_BYTES).fill(0x61)
  const count = BATCH_SIGNATURES[alg]
  const startedAt = performance.now()
  const before = process.cpuUsage()
  for (let signed = 0; signed < count; signed += 1) await sign(data)
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - startedAt) / 1000
  return { cpuMicros: (user + system) / count, perSecond: count / seconds }
}

async function measure(batches: number): Promise<SigningFigures[]> {
  const managers = await startManagers()
  const ways: Way[] = []
  for (const alg of SIGNING_ALGORITHMS) {
    ways.push({ alg, way: 'raw', sign: await raw(alg) })
    for (const way of ['sealed', 'kms-wrapped'] as const) {
      ways.push({ alg, way, sign: await remembered(managers, way, alg) })
    }
  }
  await inRounds(ways, WARM_BATCHES, batch)
  const results = await inRounds(ways, batches, batch)
  return ways.map(({ alg, way }, index) => ({
    alg,
    way,
    cpuMicros: (results[index] ?? []).map(({ cpuMicros }) => cpuMicros),
    perSecond: (results[index] ?? []).map(({ perSecond }) => perSecond),
  }))
}

process.on('disconnect', () => process.exit())
process.send?.(await measure(Number(process.argv[2])))
