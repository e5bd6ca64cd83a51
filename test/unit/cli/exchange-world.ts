/**
 * A world around a token file that is kept fresh: its time passes in sleeps alone, and in exchanges that take long.
 */

import { ExchangeFailure } from '../../../src/cli/exchange/exchange-failure.ts'
import type { ExchangedToken } from '../../../src/cli/exchange/exchanged-token.ts'
import { keepFresh } from '../../../src/cli/exchange/keep-fresh.ts'
import { type CliError, EXIT } from '../../../src/cli/exit.ts'

export const MINUTE = 60
export const HOUR = 3600

export const DOWN = new ExchangeFailure(EXIT.unreachable, 'no issuer answers', { isFinal: false })
export const REFUSED = new ExchangeFailure(EXIT.refused, 'the issuer refuses', { isFinal: true })
export const EXPIRED =
  'signet: the token in FILE has expired and there is no new one: whoever uses it is refused until an exchange succeeds'

/** More than any of these tests has. */
const ATTEMPTS_MAX = 5000

export interface World {
  now: number
  /** Seconds that an issued token lives. */
  life: number
  /** How long an exchange takes. */
  exchangeSeconds: number
  random: number
  subjectToken: string
  version: string
  /** Whether there was a file before. */
  isThere: boolean
  readFailure: CliError | undefined
  exchangeFailure: Error | undefined
  writeFailure: CliError | undefined
  /** Called after each sleep. */
  onWake: () => void
  readonly stop: AbortController
  /** Moments at which it was tried. */
  readonly attempts: number[]
  /** What is in the file, and since when. */
  readonly written: { at: number; token: string }[]
  readonly sleeps: number[]
  readonly said: { at: number; line: string }[]
}

export function newWorld(changes: Partial<World> = {}): World {
  return {
    now: 0,
    life: HOUR,
    exchangeSeconds: 0,
    random: 0,
    subjectToken: 'subject-1',
    version: '1',
    isThere: true,
    readFailure: undefined,
    exchangeFailure: undefined,
    writeFailure: undefined,
    onWake: () => {},
    stop: new AbortController(),
    attempts: [],
    written: [],
    sleeps: [],
    said: [],
    ...changes,
  }
}

/** Until that moment of the world, or until it was stopped. */
export async function runWorld(world: World, untilSeconds: number): Promise<void> {
  const { stop, attempts, written, sleeps, said } = world
  await keepFresh(
    {
      now: () => world.now,
      sleep: async (seconds) => {
        sleeps.push(seconds)
        world.now += seconds
        world.onWake()
        if (world.now >= untilSeconds) stop.abort()
      },
      random: () => world.random,
      isThere: async () => world.isThere || written.length > 0,
      version: async () => world.version,
      read: async () => {
        if (attempts.length === ATTEMPTS_MAX) throw new TypeError('it does not pause')
        attempts.push(world.now)
        if (world.readFailure !== undefined) throw world.readFailure
        return world.subjectToken
      },
      exchange: async (subjectToken) => {
        world.now += world.exchangeSeconds
        if (world.exchangeFailure !== undefined) throw world.exchangeFailure
        return issued(`${subjectToken} at ${world.now}`, world.life)
      },
      write: async (token) => {
        if (world.writeFailure !== undefined) throw world.writeFailure
        written.push({ at: world.now, token })
      },
      say: (line) => void said.push({ at: world.now, line }),
    },
    'FILE',
    stop.signal,
  )
}

function issued(token: string, expiresIn: number): ExchangedToken {
  const names = { iss: 'ISSUER', sub: 'SUBJECT', aud: 'a', kid: 'k', alg: 'ES256' }
  return { token, expiresIn, exp: 0, issuedTokenType: 'jwt', tokenType: 'Bearer', ...names }
}
