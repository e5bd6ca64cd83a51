/**
 * Rotations that make a key and that confirm one, of ES256 and custody `sealed`, beside what is done with the keys alone.
 */

import { ALGORITHMS } from '../../src/crypto/algorithms.ts'
import type { KeyManager } from '../../src/signers/key-manager.ts'
import { assertIs } from './assert-is.ts'
import { checkedRun, rotationOver, unchangingStore } from './fixed-hosts.ts'
import { ringToConfirm, ringWithoutSuccessor } from './rings.ts'
import type { RotationWay } from './rotation-way.ts'

/** About as long as what a rotation signs to prove a key. */
const PROOF_BYTES = 120
/** Some 60 ms. */
const BATCH_RUNS = 60

/** Beside one key made and sealed. */
export async function createWays(manager: KeyManager): Promise<RotationWay[]> {
  const document = await ringWithoutSuccessor({ id: 'bench', alg: 'ES256', manager })
  const run = checkedRun(rotationOver(unchangingStore(document), manager), 'bench', 'create')
  const binding = { issuerId: 'bench', slot: 'alone', alg: 'ES256' } as const
  const createAlone = async () => {
    await manager.create(binding)
  }
  return [
    { of: 'create', way: 'alone', batch: BATCH_RUNS, run: createAlone },
    { of: 'create', way: 'rotation', batch: BATCH_RUNS, run },
  ]
}

/** Beside the successor opened, one signature of its, and that verified with the key as it was fetched. */
export async function confirmWays(manager: KeyManager): Promise<RotationWay[]> {
  const { document, observation } = await ringToConfirm({ id: 'bench', alg: 'ES256', manager })
  const rotation = rotationOver(unchangingStore(document), manager)
  const run = checkedRun(rotation, 'bench', 'confirm', { observation })
  const { import: parameters, sign } = ALGORITHMS.ES256
  const data = new Uint8Array(PROOF_BYTES).fill(0x61)
  const { keyRef, slot, publicJwk } = successorOf(document.ring.keys)
  const { subtle } = crypto
  const proveAlone = async () => {
    const signer = await manager.open(keyRef, { issuerId: 'bench', slot, alg: 'ES256' })
    const signature = await signer.sign(data)
    const key = await subtle.importKey('jwk', publicJwk, parameters, false, ['verify'])
    assertIs('the verification', await subtle.verify(sign, key, signature, data), true)
  }
  return [
    { of: 'confirm', way: 'alone', batch: BATCH_RUNS, run: proveAlone },
    { of: 'confirm', way: 'rotation', batch: BATCH_RUNS, run },
  ]
}

function successorOf<Key>(keys: readonly Key[]): Key {
  const last = keys.at(-1)
  if (last === undefined) throw new TypeError('the ring has no key')
  return last
}
