/**
 * What the server of Signet does alone: the parts of an exchange, and the limit of one.
 */

import { type SigningAlgorithm, SIGNING_ALGORITHMS } from '../../src/crypto/algorithms.ts'
import type { HostOptions } from '../../src/host/whole-host.ts'
import type { AskedPost } from '../load/messages.ts'
import { exchangeSteps } from './signet-steps.ts'
import { LIMIT_PARAMETERS, webCryptoLimit } from './webcrypto-limit.ts'
import { limitWork, STEPS, stepWork } from './works.ts'

type Work = (count: number) => Promise<void>

/** As many as the load has connections: what waits for WebCrypto waits together. */
const UNDER_WAY = 32

/** By name. */
export async function signetWorks(
  ports: Pick<HostOptions, 'documents' | 'keyManagers'>,
  posts: Readonly<Record<SigningAlgorithm, readonly AskedPost[]>>,
): Promise<ReadonlyMap<string, Work>> {
  const works = new Map<string, Work>()
  const limit = await webCryptoLimit(...LIMIT_PARAMETERS)
  for (const alg of SIGNING_ALGORITHMS) {
    works.set(limitWork(alg), repeated(limit[alg]))
    const steps = await exchangeSteps(ports, alg, posts[alg])
    for (const step of STEPS) works.set(stepWork(alg, step), repeated(steps[step]))
  }
  return works
}

function repeated(act: (turn: number) => unknown): Work {
  return async (count) => {
    let turn = 0
    async function lane(): Promise<void> {
      while (turn < count) {
        const done = act(turn)
        turn += 1
        if (done instanceof Promise) await done
      }
    }
    await Promise.all(Array.from({ length: UNDER_WAY }, lane))
  }
}
