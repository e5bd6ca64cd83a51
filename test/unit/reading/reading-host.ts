/**
 * A reader whose storage, clock and deadlines are in the hand of the test.
 */

import { type PublicCopy, publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { type IssuerLocation, locationOf } from '../../../src/locations/issuer-location.ts'
import type { LogFields } from '../../../src/log.ts'
import {
  issuerReader,
  type IssuerReader,
  type ReadCopy,
  type ReadOptions,
} from '../../../src/reading/issuer-reader.ts'
import type { KeepAlive } from '../../../src/reading/storage-flights.ts'
import { anIssuer, NOW } from '../../support/fixtures.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'

export const LOCATION = locationOf('https://oidc.example.com/prod')

export function copyOf(revision: number): PublicCopy {
  return publicCopyOf(anIssuer({ revision }))
}

interface ReadingHost {
  readonly reader: IssuerReader
  /** Begins to read, and lets happen what can. */
  readonly begin: (location?: IssuerLocation) => Promise<{ readonly outcome: Promise<Outcome> }>
  /** Reads; storage answers at once. */
  readonly readWith: (answer: Answer, location?: IssuerLocation) => Promise<Outcome>
  /** Reads without storage: fails where it is asked. */
  readonly readFromMemory: (location?: IssuerLocation) => Promise<Outcome>
  /** Reads with a runtime that finishes what was begun. */
  readonly readKept: (keepAlive: KeepAlive) => Promise<Outcome>
  /** Answers what was asked as the `index`-th. */
  readonly answer: (index: number, answer: Answer) => void
  readonly pass: (milliseconds: number) => number
  readonly setClock: (now: number) => void
  /** How often storage was asked. */
  readonly asked: () => number
  readonly records: { readonly event: string; readonly fields: LogFields | undefined }[]
}

export type Answer = PublicCopy | undefined | Error
/** A fault that is thrown is an outcome too. */
type Outcome = ReadCopy | undefined | Error

export function readingHost(stalenessSeconds = 0): ReadingHost {
  let now = NOW
  const loads: PromiseWithResolvers<PublicCopy | undefined>[] = []
  const records: { readonly event: string; readonly fields: LogFields | undefined }[] = []
  const held = heldDeadlines()
  const reader = issuerReader({
    issuers: {
      stalenessSeconds,
      load: () => {
        const load = Promise.withResolvers<PublicCopy | undefined>()
        loads.push(load)
        return load.promise
      },
    },
    clock: { now: () => now },
    log: (_level, event, fields) => void records.push({ event, fields }),
    deadline: held.deadline,
  })

  const read = (location: IssuerLocation, options?: ReadOptions): Promise<Outcome> =>
    reader.read(location, options).catch((error: unknown) => error as Error)

  function answer(index: number, given: Answer): void {
    if (given instanceof Error) loads[index]?.reject(given)
    else loads[index]?.resolve(given)
  }

  return {
    reader,
    begin: async (location = LOCATION) => {
      const outcome = read(location)
      await settled()
      return { outcome }
    },
    readWith: async (given, location = LOCATION) => {
      const index = loads.length
      const outcome = read(location)
      await settled()
      if (loads.length !== index + 1) throw new Error('storage was not asked')
      answer(index, given)
      return outcome
    },
    readFromMemory: async (location = LOCATION) => {
      const before = loads.length
      const outcome = read(location)
      await settled()
      if (loads.length !== before) throw new Error('storage was asked')
      return outcome
    },
    readKept: (keepAlive) => read(LOCATION, { keepAlive }),
    answer,
    pass: (milliseconds) => held.pass(milliseconds),
    setClock: (moment) => {
      now = moment
    },
    asked: () => loads.length,
    records,
  }
}

/** A host that has read a version at `NOW`. */
export async function hostThatKnows(revision = 5): Promise<ReadingHost> {
  const host = readingHost()
  await host.readWith(copyOf(revision))
  return host
}

/** Everything that is decided already has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
