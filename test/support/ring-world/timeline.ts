/**
 * What was stored and what was public, over the true time.
 */

import type { PublicIssuer, StoredIssuer } from '../../../src/issuers/issuer-document.ts'

export interface Version {
  readonly stored: StoredIssuer
  /** The true time at which it was written. */
  readonly at: number
  /** What wrote it. */
  readonly by: string
}

/** A version while it is what the public store has. */
export interface PublicVersion {
  readonly version: Version
  readonly from: number
  readonly until: number
  /** Until when it was the stored one. */
  readonly storedUntil: number
}

export interface Timeline {
  readonly versions: readonly Version[]
  add(version: Version): void
  latest(): Version | undefined
  /** The public store gets nothing new until then. */
  stick(from: number, until: number): void
  stuckUntil(): number
  /** What the public store had at that true time; nothing of an issuer that is deleted or not there yet. */
  publicAt(time: number): PublicIssuer | undefined
  publicVersions(): PublicVersion[]
}

export function timeline(): Timeline {
  const versions: Version[] = []
  const stuck: { readonly from: number; readonly until: number }[] = []

  /** The moment whose version the public store has at `time`. */
  function deliveredAt(time: number): number {
    const spell = stuck.find(({ from, until }) => from < time && time < until)
    return spell === undefined ? time : spell.from
  }

  function storedAt(time: number): Version | undefined {
    return versions.findLast(({ at }) => at <= time)
  }

  return {
    versions,
    add: (version) => {
      versions.push(version)
    },
    latest: () => versions.at(-1),
    stick: (from, until) => {
      // While it is stuck already, it stays so as it was said.
      if (stuck.every((spell) => spell.until < from)) stuck.push({ from, until })
    },
    stuckUntil: () => Math.max(...stuck.map(({ until }) => until)),
    publicAt: (time) => {
      const stored = storedAt(deliveredAt(time))?.stored
      return stored?.kind === 'issuer' ? stored : undefined
    },
    publicVersions: () => {
      const moments = [...versions.map(({ at }) => at), ...stuck.map(({ until }) => until)]
      const public_: PublicVersion[] = []
      for (const from of moments.toSorted((a, b) => a - b)) {
        const version = storedAt(deliveredAt(from))
        const last = public_.at(-1)
        if (version === undefined || last?.version === version) continue
        if (last !== undefined) public_.splice(-1, 1, { ...last, until: from })
        const next = versions[versions.indexOf(version) + 1]
        public_.push({ version, from, until: Infinity, storedUntil: next?.at ?? Infinity })
      }
      return public_
    },
  }
}
