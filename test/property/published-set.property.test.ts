/**
 * The JWK Set at the host while storage does what it should not: never an older one, never an empty one, never a 500.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { parseHostConfig } from '../../src/config/host-config.ts'
import { createWholeHost } from '../../src/host/whole-host.ts'
import { fakeKeyManager } from '../support/fixtures.ts'
import { testSettings } from '../support/hosts/test-host.ts'
import {
  anyScript,
  copiesOf,
  ISSUER,
  type StorageScript,
} from '../support/property-storage-scripts.ts'
import {
  lastGoodEnd,
  performOn,
  type Read,
  type ScriptedStorage,
  scriptedStorage,
} from '../support/property-storage.ts'

interface Answer {
  readonly status: number
  readonly version: number
  readonly body: string
  readonly retryAfter: string | null
}

interface JwkSet {
  readonly keys: readonly { readonly kid: string }[]
}

function hostOver(storage: ScriptedStorage): Read<Answer> {
  const problems: string[] = []
  const config = parseHostConfig(testSettings('http://127.0.0.1:8787', '', {}), problems)
  if (config === undefined) throw new TypeError(problems.join('; '))
  const app = createWholeHost({
    config,
    controlSecretDigest: undefined,
    documents: memoryStore(),
    publicIssuers: storage.issuers,
    keyManagers: fakeKeyManager(),
    log: () => {},
    clock: storage.clock,
    deadline: storage.deadline,
  })
  return async () => {
    const response = await app.fetch(new Request(`${ISSUER}/.well-known/jwks.json`))
    return {
      status: response.status,
      version: Number(response.headers.get('Signet-Ring-Version')),
      body: await response.text(),
      retryAfter: response.headers.get('Retry-After'),
    }
  }
}

/** What storage throws besides faults is our mistake, which is said: without it there is no 500. */
function faultsAlone({ steps, ...script }: StorageScript): StorageScript {
  return {
    ...script,
    steps: steps.map((step) => {
      if (step.type !== 'read' || step.behaviour.answer !== 'error') return step
      return { ...step, behaviour: { ...step.behaviour, answer: 'fault' } }
    }),
  }
}

async function runHost(
  script: StorageScript,
  look: (storage: ScriptedStorage, answer: Answer) => void,
): Promise<void> {
  const storage = scriptedStorage(script)
  const read = hostOver(storage)
  for (const step of script.steps) {
    for (const answer of await performOn(storage, step, { read, refresh: () => {} })) {
      look(storage, answer)
    }
  }
}

function forAnyScript(check: (script: StorageScript) => Promise<void>): Promise<void> {
  return fc.assert(fc.asyncProperty(anyScript, check), { numRuns: 200 })
}

describe('the JWK Set, whatever storage does', () => {
  test('is a set with keys, gone, not there, or not there for the moment, and nothing else', async () => {
    await forAnyScript(async (script) => {
      await runHost(faultsAlone(script), (_storage, { status, body, retryAfter }) => {
        expect([200, 404, 410, 503]).toContain(status)
        expect(Number(retryAfter) > 0).toBe(status === 503)
        if (status !== 200) return
        expect((JSON.parse(body) as JwkSet).keys).not.toEqual([])
      })
    })
  })

  test('has the keys of its version that are published at the moment, and never goes back', async () => {
    await forAnyScript(async (script) => {
      let highest = 0
      await runHost(script, ({ clock }, { status, version, body }) => {
        if (status === 410) highest = Infinity
        if (status !== 200) return
        expect(version).toBeGreaterThanOrEqual(highest)
        highest = version
        const copy = copiesOf(script)[version - 1]
        const adopted = copy?.kind === 'issuer' ? copy.ring.adopted : []
        const published = adopted.filter(
          ({ withdrawal }) => (withdrawal?.publishedUntil ?? Infinity) > clock.seconds,
        )
        const kids = (JSON.parse(body) as JwkSet).keys.map(({ kid }) => kid)
        expect(kids).toEqual(published.map(({ kid }) => kid))
      })
    })
  })

  test('is there, or said to be gone or empty, for as long as there is a last good copy', async () => {
    await forAnyScript(async (script) => {
      await runHost(script, (storage, { status, body }) => {
        const isGood = storage.clock.seconds < lastGoodEnd(storage)
        const isServed = status === 200 || status === 410 || body.includes('no_published_key')
        expect({ status, body, isServed }).toEqual({ status, body, isServed: isGood })
      })
    })
  })
})
