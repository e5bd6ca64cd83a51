/**
 * `--watch` on this machine: the loop with its clock, its files and its signals.
 */

import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../clock.ts'
import { usageError } from '../exit.ts'
import { note } from '../output.ts'
import { readToken } from '../token/token-source.ts'
import { elapsedClock } from './elapsed-clock.ts'
import { type ExchangeRequest, requestExchange } from './exchange-client.ts'
import { fileVersion, NO_FILE } from './file-version.ts'
import { keepFresh } from './keep-fresh.ts'
import { replaceTokenFile } from './token-file.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface WatchRequest {
  readonly exchange: ExchangeRequest
  /** Read anew for each exchange. */
  readonly tokenFile: string
  readonly out: string
}

/** Resolves once it was stopped by a signal. */
export async function watchToken({ exchange, tokenFile, out }: WatchRequest): Promise<void> {
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    await keepFresh(
      {
        now: elapsedClock({
          steadySeconds: () => performance.now() / 1000,
          wallSeconds: () => systemClock.now(),
        }),
        sleep: sleepSeconds,
        random: Math.random,
        isThere: async () => (await fileVersion(out)) !== NO_FILE,
        version: () => fileVersion(tokenFile),
        read: () => readPlainFile(tokenFile),
        exchange: (token, signal) => requestExchange(exchange, token, signal),
        write: (token) => replaceTokenFile(out, token),
        say: note,
      },
      out,
      stop.signal,
    )
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

/** A pipe is read once, and whoever waits for it cannot be told to stop. */
async function readPlainFile(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined)
  if (stats?.isFile() === false) {
    throw usageError(`${file} is no plain file: --watch reads it again and again`)
  }
  return readToken(file)
}

async function sleepSeconds(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.ceil(seconds * 1000), undefined, { signal }).catch(() => {})
}
