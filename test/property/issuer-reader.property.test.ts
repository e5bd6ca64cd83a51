/**
 * What a reader gets while storage does what it should not: nothing older than before, nothing for longer than stated, and
 * the newest again soon after.
 */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/errors.ts'
import { locationOf } from '../../src/locations/issuer-location.ts'
import { MEMORY_COPY_SECONDS, RETRY_AFTER_SECONDS } from '../../src/limits.ts'
import { type IssuerReader, issuerReader, type ReadCopy } from '../../src/reading/issuer-reader.ts'
import {
  anyScript,
  anyScriptOutOfOrder,
  copiesOf,
  ISSUER,
  type StorageScript,
  type StorageStep,
} from '../support/property-storage-scripts.ts'
import {
  lastGoodEnd,
  performOn,
  type Read,
  type ScriptedStorage,
  scriptedStorage,
} from '../support/property-storage.ts'

type Got = ReadCopy | undefined | { readonly error: unknown }

interface ReaderRun {
  readonly storage: ScriptedStorage
  readonly reader: IssuerReader
  readonly read: Read<Got>
}

async function runReader(
  script: StorageScript,
  look: (run: ReaderRun, got: Got, step: StorageStep) => void = () => {},
): Promise<ReaderRun> {
  const storage = scriptedStorage(script)
  const { issuers, clock, deadline } = storage
  const reader = issuerReader({ issuers, clock, deadline, log: () => {} })
  const read = (): Promise<Got> =>
    reader.read(locationOf(ISSUER)).catch((error: unknown) => ({ error }))
  const run = { storage, reader, read }
  const refresh = (): void => reader.refresh(ISSUER)
  for (const step of script.steps) {
    for (const got of await performOn(storage, step, { read, refresh })) look(run, got, step)
  }
  return run
}

function copyIn(got: Got): ReadCopy | undefined {
  return got !== undefined && 'copy' in got ? got : undefined
}

function forAnyScript(
  check: (script: StorageScript) => Promise<void>,
  scripts = anyScript,
): Promise<void> {
  return fc.assert(fc.asyncProperty(scripts, check), { numRuns: 300 })
}

describe('a reader, whatever storage does', () => {
  test('never goes back a version, and never makes one up', async () => {
    await forAnyScript(async (script) => {
      let highest = 0
      await runReader(script, ({ storage }, got) => {
        const copy = copyIn(got)?.copy
        if (copy === undefined) return
        expect(copy.revision).toBeGreaterThanOrEqual(highest)
        expect(copy.revision).toBeLessThanOrEqual(storage.newest().revision)
        expect(copy).toEqual(copiesOf(script)[copy.revision - 1])
        highest = copy.revision
      })
    }, anyScriptOutOfOrder)
  })

  test('never goes back a version for whoever asked before a late answer came', async () => {
    const common = { type: 'read', readers: 1, isOvertaken: false } as const
    const read = (when: 'at once' | 'late' | 'never', wait: number): StorageStep => ({
      ...common,
      wait,
      behaviour: { answer: 'newest', when },
      isOvertaken: when === 'never',
    })
    await forAnyScript(async (script) => {
      const versions: number[] = []
      const steps: StorageStep[] = [
        read('at once', 0),
        { type: 'publish', wait: 0 },
        read('late', MEMORY_COPY_SECONDS),
        read('never', RETRY_AFTER_SECONDS),
        ...script.steps,
      ]
      await runReader({ ...script, isDeleted: false, steps }, (_run, got) => {
        versions.push(copyIn(got)?.copy.revision ?? versions.at(-1) ?? 0)
      })
      expect(versions).toEqual(versions.toSorted((a, b) => a - b))
      expect(versions.slice(0, 3)).toEqual([1, 1, 2])
    }, anyScriptOutOfOrder)
  })

  test('has the last good document for exactly the stated time', async () => {
    await forAnyScript(async (script) => {
      await runReader(script, ({ storage }, got) => {
        const isGood = storage.clock.seconds < lastGoodEnd(storage)
        expect({ got, isServed: copyIn(got) !== undefined }).toEqual({ got, isServed: isGood })
      })
    })
  })

  test('says of what storage does not confirm until when it is served', async () => {
    await forAnyScript(async (script) => {
      await runReader(script, ({ storage }, got) => {
        const read = copyIn(got)
        if (read === undefined) return
        expect(read.confirmedAt).toBe(storage.lastFoundAt())
        const isConfirmed = storage.clock.seconds < storage.lastFoundAt() + MEMORY_COPY_SECONDS
        if (isConfirmed) return
        expect(read.lastGoodUntil).toBe(lastGoodEnd(storage))
      })
    })
  })

  test('fails with a fault, and only with one that storage is to blame for', async () => {
    await forAnyScript(async (script) => {
      await runReader(script, ({ storage }, got) => {
        if (got === undefined || 'copy' in got) return
        // A store that throws something else breaks its contract, and is not covered up.
        const isItsOwn = storage.broken().includes(got.error)
        const code = got.error instanceof Fault ? got.error.code : 'another error'
        expect(['storage_unavailable', 'document_corrupt', isItsOwn ? code : '']).toContain(code)
      })
    })
  })

  test('leaves storage in peace for the stated time, and asks it once at a time', async () => {
    expect.hasAssertions()
    await forAnyScript(async (script) => {
      const before = { loads: 0, askAgainAt: -Infinity }
      await runReader(
        { ...script, steps: script.steps.filter(({ type }) => type === 'read') },
        ({ storage }, _got, step) => {
          if (step.type !== 'read') return
          const isKept = storage.clock.seconds < before.askAgainAt
          const isPrompt = step.behaviour.when === 'at once'
          const most = isPrompt ? 1 : 2 * step.readers
          expect(storage.loads() - before.loads).toBeLessThanOrEqual(isKept ? 0 : most)
          before.loads = storage.loads()
          before.askAgainAt = storage.lastFoundAt() + MEMORY_COPY_SECONDS
        },
      )
    })
  })

  test('has the newest again within the stated seconds after storage answers', async () => {
    await forAnyScript(async (script) => {
      let isLastGood = false
      const run = await runReader(script, (_run, got) => {
        isLastGood = copyIn(got)?.lastGoodUntil !== undefined
      })
      const { storage, reader, read } = run
      const latest = storage.clock.latest()
      const isWaiting = script.steps.at(-1)?.type === 'read' && isLastGood
      // From the latest moment that any clock here has shown.
      storage.clock.seconds = latest + (isWaiting ? RETRY_AFTER_SECONDS : MEMORY_COPY_SECONDS)
      storage.behaviour = { answer: 'newest', when: 'at once' }
      expect(await storage.settle(read())).toEqual({
        copy: storage.newest(),
        confirmedAt: storage.clock.seconds,
      })
      expect(reader.failingSince()).toBeUndefined()
    })
  })

  test('has the newest at once where the same instance made it', async () => {
    await forAnyScript(async (script) => {
      const { storage, reader, read } = await runReader(script)
      storage.publish()
      reader.refresh(ISSUER)
      storage.behaviour = { answer: 'newest', when: 'at once' }
      expect(copyIn(await storage.settle(read()))?.copy).toEqual(storage.newest())
    })
  })
})
