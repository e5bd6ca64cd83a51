/**
 * Key sets elsewhere, in memory: fetched when they are needed, once at a time and no oftener than their issuers should be
 * asked.
 */

import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { fetchKeySet, type FetchKeySetOptions } from './fetch-key-set.ts'
import { keySetFlights } from './key-set-flights.ts'
import type { RemoteIssuer, RemoteKeySets } from './key-sets.ts'
import { type KnownKeySets, knownKeySets } from './known-key-sets.ts'
import {
  answerFrom,
  freshKeysWith,
  isFetchDue,
  isUsableWith,
  withFetchBegun,
  withFetchEnded,
} from './remote-key-set.ts'

export interface RemoteKeySetsOptions extends FetchKeySetOptions {
  readonly clock: Clock
  readonly log: Log
  /** Default: none yet. */
  readonly known?: KnownKeySets
}

export function remoteKeySets(options: RemoteKeySetsOptions): RemoteKeySets {
  const { clock, deadline, log, known = knownKeySets() } = options
  const flights = keySetFlights({ clock, deadline })

  async function fetchAnew(remote: RemoteIssuer): Promise<void> {
    const id = idOf(remote)
    const before = known.get(id)
    known.set(id, withFetchBegun(before, clock.now()))
    const fetched = await fetchKeySet(remote, options)
    known.set(id, withFetchEnded(known.get(id), fetched, before, clock.now()))
    if (!fetched.ok) {
      const { problem } = fetched
      log('warn', 'key_set_unavailable', { host: hostOf(remote), problem })
    }
  }

  return {
    keysOf: async (remote, kid, keepAlive) => {
      const id = idOf(remote)
      const before = known.use(id)
      const keys = freshKeysWith(before, kid, clock.now())
      if (keys !== undefined) return { ok: true, keys }
      const refresh = {
        isDue: () => isFetchDue(known.get(id), clock.now()),
        fetch: () => fetchAnew(remote),
        keepAlive,
      }
      const isUrgent = !isUsableWith(before, kid, clock.now())
      await (isUrgent ? flights.wait(id, refresh) : flights.waitBriefly(id, refresh))
      return (
        answerFrom(known.get(id), kid, clock.now()) ?? {
          ok: false,
          message: `the keys of ${hostOf(remote)} made room for those of other issuers and are fetched again in a moment: let fewer issuers be discovered, or have their keys stand in the policy`,
        }
      )
    },
  }
}

/** What the policies of two issuers of ours say of one subject issuer may differ. */
function idOf({ issuer, jwksHost }: RemoteIssuer): string {
  return JSON.stringify([issuer, jwksHost])
}

/** All that a log says of an issuer. */
function hostOf({ issuer }: RemoteIssuer): string {
  return URL.parse(issuer)?.host ?? 'none'
}
