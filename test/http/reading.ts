/**
 * A host whose public reads, clock and deadlines are in the hand of the test, with one issuer.
 */

import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import { SLOW_STORAGE_MS, STORAGE_WAIT_MS } from '../../src/limits.ts'
import { bodyOf, control, createIssuer } from '../support/hosts/control-client.ts'
import { type FaultyReads, faultyReads } from '../support/hosts/faulty-reads.ts'
import { type InProcessHost, inProcessHost } from '../support/hosts/in-process.ts'
import type { TestResponse } from '../support/hosts/test-host.ts'
import { heldDeadlines } from '../support/workerd/held-deadlines.ts'

export interface Reading {
  readonly host: InProcessHost
  readonly reads: FaultyReads
  readonly id: string
  readonly deadlines: ReturnType<typeof heldDeadlines>
  readonly jwkSet: () => Promise<TestResponse>
  readonly discovery: () => Promise<TestResponse>
  readonly health: () => Promise<TestResponse>
  readonly hostHealth: () => Promise<TestResponse>
  /** Another instance changes the issuer, which becomes one version newer. */
  readonly change: () => Promise<void>
  /** What is stored of the issuer. */
  readonly stored: () => Promise<string>
  readonly wait: (seconds: number) => void
}

export async function reading(): Promise<Reading> {
  const store = memoryStore()
  const reads = faultyReads(store)
  const clock = { seconds: 1_800_000_000 }
  const deadlines = heldDeadlines()
  // Issuers are changed through one instance and read from another.
  const writer = inProcessHost({ store, clock })
  const host = inProcessHost({ store, reads, clock, deadline: deadlines.deadline })
  const { id } = await createIssuer(writer)
  const get = (path: string) => host.request('GET', path)
  return {
    host,
    reads,
    id,
    deadlines,
    jwkSet: () => get(`/${id}/.well-known/jwks.json`),
    discovery: () => get(`/${id}/.well-known/openid-configuration`),
    health: () => get(`/${id}/healthz`),
    hostHealth: () => get('/healthz'),
    change: async () => {
      const { policy } = bodyOf<{ policy: { jwksMaxAgeSeconds: number } }>(
        await control(writer, 'GET', `/issuers/${id}`),
      )
      const json = { policy: { jwksMaxAgeSeconds: policy.jwksMaxAgeSeconds - 1 } }
      await control(writer, 'PATCH', `/issuers/${id}`, { json })
    },
    stored: async () => (await store.get(issuerKey(id)))?.body ?? '',
    wait: (seconds) => {
      clock.seconds += seconds
    },
  }
}

export function versionOf({ headers }: TestResponse): number {
  return Number(headers['signet-ring-version'])
}

/** Lets deadlines pass until the answer is there. */
export async function passDeadlines(
  { deadlines }: Reading,
  asked: Promise<unknown>,
): Promise<void> {
  const state = { ended: false }
  void asked.finally(() => {
    state.ended = true
  })
  while (!state.ended) {
    deadlines.pass(SLOW_STORAGE_MS)
    deadlines.pass(STORAGE_WAIT_MS)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
