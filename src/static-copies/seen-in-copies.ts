/**
 * What both showed, the public documents and the static copy of the JWK Set: relying parties may be given either.
 *
 * The copy is read where it is kept, since nobody is given it while the host answers.
 */

import { Fault } from '../errors.ts'
import { isJsonObject, parseJson } from '../json.ts'
import { notObserved, type Observation, type Observed } from '../publication/observation.ts'
import { observedKeys } from '../publication/observed-keys.ts'
import { seenKey } from '../publication/sighting.ts'
import { copyNamesOf } from './copy-names.ts'
import type { StaticCopy, StaticCopyStore } from './static-copy-store.ts'

/** Never rejects for what the copy is like; one that cannot be read is as documents that cannot. */
export async function seenInCopies(
  store: Pick<StaticCopyStore, 'get'>,
  issuer: string,
  observed: Observed,
): Promise<Observed> {
  const names = copyNamesOf(issuer)
  if (!observed.ok || names === undefined) return observed
  try {
    const copy = await store.get(names.jwkSet)
    return { ok: true, observation: seenInBoth(observed.observation, copy) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return notObserved(
      'unreachable',
      `the static copy of the JWK Set of ${issuer} could not be read (${error.message}): see that its bucket is there, and that the function that rotates may read it`,
    )
  }
}

function seenInBoth(observation: Observation, copy: StaticCopy | undefined): Observation {
  const { at } = observation
  // Neither what is not there nor what is of no revision shows a ring of any version.
  if (copy === undefined || copy.ringVersion === Infinity) return { at, ringVersion: 0, keys: [] }
  const ringVersion = Math.min(observation.ringVersion, copy.ringVersion)
  const copied = { at, ringVersion, keys: observedKeys(membersOf(copy.body)) }
  const keys = observation.keys.filter((key) => seenKey(copied, key) !== undefined)
  return { at, ringVersion, keys }
}

function membersOf(body: string) {
  const set = parseJson(body)
  const members = isJsonObject(set) ? set['keys'] : undefined
  return Array.isArray(members) ? members.filter(isJsonObject) : []
}
