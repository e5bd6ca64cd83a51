/**
 * The sweep: what a ring has forgotten a day ago is deleted where it is kept.
 *
 * Only what this issuer's own document lists as forgotten is touched, by slots that nobody else can have: the keys of another
 * installation never are, whatever its name is.
 */

import { Fault } from '../errors.ts'
import { withLeftovers } from '../issuers/issuer-changes.ts'
import type { Leftover } from '../issuers/key-record.ts'
import { leftoversOf, usesSlot } from '../issuers/leftovers.ts'
import { DELETION_WINDOW_DAYS, ROTATION_ATTEMPTS_MAX } from '../limits.ts'
import type { KeyRef } from '../signers/key-manager.ts'
import { overtaken } from './overtaken.ts'
import type { RotationDeps } from './rotation-deps.ts'
import type { SweepOptions } from './rotation.ts'
import { deletedAtOf, isKeyWanted, mayBeDeleted, sweepStep } from './sweep-step.ts'
import { logSweep, type SweepEntry, sweepEntry, type SweepReport } from './sweep-report.ts'

/** What becomes of one leftover. `after`: what the document remembers of it; nothing where it is gone. */
interface Swept {
  readonly before: Leftover
  readonly after: Leftover | undefined
  readonly entry: SweepEntry
}

interface Sweep {
  readonly id: string
  readonly windowDays: number
  readonly dryRun: boolean
  readonly now: number
}

/** References by slot, or why they could not be looked for. */
type FoundKeys = ReadonlyMap<string, KeyRef | Fault>

export async function sweepIssuer(
  deps: RotationDeps,
  id: string,
  { windowDays = DELETION_WINDOW_DAYS.default, takeBack, dryRun = false }: SweepOptions,
): Promise<SweepReport | undefined> {
  const loaded = await deps.issuers.load(id)
  if (loaded === undefined) return undefined
  const sweep: Sweep = { id, windowDays, dryRun, now: deps.clock.now() }
  const leftovers = leftoversOf(loaded.stored)
  const turn =
    takeBack === undefined ? leftovers : leftovers.filter((each) => each.slot === takeBack)
  const found = takeBack === undefined ? await findKeys(deps, turn, sweep.now) : new Map()
  const swept: Swept[] = []
  for (const leftover of turn) {
    swept.push(
      takeBack === undefined
        ? await sweepOne(deps, leftover, found, sweep)
        : await takeBackOne(deps, leftover, sweep),
    )
  }
  if (!dryRun && takeBack === undefined) await remember(deps, id, swept)
  const report = { id, dryRun, entries: swept.map(({ entry }) => entry) }
  logSweep(deps.log, report)
  return report
}

/** Of those whose turn it is and of which nobody knows whether there is a key. */
async function findKeys(
  { keyManagers }: RotationDeps,
  leftovers: readonly Leftover[],
  now: number,
): Promise<FoundKeys> {
  const wanted = leftovers.filter((leftover) => isKeyWanted(leftover, now))
  const found = new Map<string, KeyRef | Fault>()
  for (const custody of new Set(wanted.map((leftover) => leftover.custody))) {
    const slots = new Set(wanted.flatMap((each) => (each.custody === custody ? each.slot : [])))
    try {
      const keys = await keyManagers.of(custody).find(slots)
      const live = keys.filter(({ state }) => state !== 'pending_deletion')
      // Of two keys of a slot the one counts that nobody has had deleted yet.
      for (const { binding, keyRef } of [...keys, ...live]) found.set(binding.slot, keyRef)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      for (const slot of slots) found.set(slot, error)
    }
  }
  return found
}

async function sweepOne(
  deps: RotationDeps,
  before: Leftover,
  found: FoundKeys,
  sweep: Sweep,
): Promise<Swept> {
  // Somebody took it back and did not live to do it.
  if (before.keptAt !== undefined && before.deletion !== undefined) {
    return takeBackOne(deps, before, sweep)
  }
  const { id, windowDays, dryRun, now } = sweep
  const step = sweepStep(before, now)
  const gone: Swept = { before, after: undefined, entry: sweepEntry(before, { outcome: 'gone' }) }
  if (step.outcome === 'gone') return gone
  if (step.outcome !== 'due') return { before, after: before, entry: sweepEntry(before, step) }
  const keyRef = before.keyRef ?? found.get(before.slot)
  if (keyRef === undefined) return gone
  const failed = failing(before)
  if (keyRef instanceof Fault) return failed(keyRef)
  const deletion = { scheduledAt: now, windowDays }
  const after = { ...before, keyRef, deletion }
  try {
    if (!dryRun) await scheduleDeletion(deps, id, after)
  } catch (error) {
    const isOver = mayBeDeleted(before, now) && (await isGone(deps, before, error))
    return isOver ? gone : failed(error)
  }
  const outcome = {
    outcome: 'deletion_scheduled' as const,
    deletedAt: deletedAtOf(deletion),
    isNew: true,
  }
  return { before, after, entry: sweepEntry(before, outcome) }
}

/** An earlier sweep may have had it deleted without coming to write that down. */
async function isGone(
  { keyManagers }: RotationDeps,
  { custody, slot }: Leftover,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof Fault) || error.code !== 'key_unavailable') return false
  try {
    return (await keyManagers.of(custody).find(new Set([slot]))).length === 0
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem
    return false
  }
}

/** After one more look at the document: nothing that a ring names is ever deleted. */
async function scheduleDeletion(
  { issuers, keyManagers }: RotationDeps,
  id: string,
  {
    slot,
    alg,
    custody,
    keyRef,
    deletion,
  }: Leftover & Required<Pick<Leftover, 'keyRef' | 'deletion'>>,
): Promise<void> {
  const fresh = await issuers.load(id)
  const isForgotten =
    fresh !== undefined &&
    leftoversOf(fresh.stored).some((each) => each.slot === slot && each.keptAt === undefined) &&
    !usesSlot(fresh.stored, slot)
  if (!isForgotten) {
    throw new Fault(
      'storage_unavailable',
      `a key of issuer ${id} is not deleted, since its document was changed in between: sweep again`,
    )
  }
  const binding = { issuerId: id, slot, alg }
  await keyManagers.of(custody).scheduleDeletion(keyRef, binding, deletion.windowDays)
}

/**
 * Written first, so that a sweep beside it takes back what it orders, and a crash leaves the rest to the next sweep. Doing it
 * again is doing it once.
 */
async function takeBackOne(
  deps: RotationDeps,
  before: Leftover,
  { id, dryRun, now }: Sweep,
): Promise<Swept> {
  const { deletion, ...rest } = before
  const after = { ...rest, keptAt: before.keptAt ?? now }
  const isNew = before.keptAt === undefined
  const kept = { before, after, entry: sweepEntry(before, { outcome: 'kept', isNew }) }
  if (dryRun || (!isNew && deletion === undefined)) return kept
  if (isNew) await remember(deps, id, [{ ...kept, after: { ...before, keptAt: now } }])
  try {
    await cancelDeletion(deps, id, before)
  } catch (error) {
    return failing(before)(error)
  }
  if (deletion !== undefined) await remember(deps, id, [kept])
  return kept
}

async function cancelDeletion(
  { keyManagers }: RotationDeps,
  id: string,
  { slot, alg, custody, keyRef }: Leftover,
): Promise<void> {
  if (keyRef === undefined) return
  await keyManagers.of(custody).cancelDeletion(keyRef, { issuerId: id, slot, alg })
}

function failing(before: Leftover): (error: unknown) => Swept {
  return (error) => {
    if (!(error instanceof Fault)) throw error
    const { code } = error
    return { before, after: before, entry: sweepEntry(before, { outcome: 'failed', code }) }
  }
}

/** What the document remembers from now on. `present`: as it has it now, which others may have changed. */
function merged(present: Leftover, after: Leftover | undefined): Leftover | undefined {
  const isKeptByOthers = present.keptAt !== undefined && after?.keptAt === undefined
  const isOrderedByOthers = present.deletion !== undefined && after?.deletion !== undefined
  const isTakenBack = present.keptAt === undefined && after?.keptAt !== undefined
  return isKeptByOthers || (isOrderedByOthers && !isTakenBack) ? present : after
}

/** What this sweep ordered while somebody took it back. */
async function takeBackOrders(
  deps: RotationDeps,
  id: string,
  present: readonly Leftover[],
  changes: ReadonlyMap<string, Swept>,
): Promise<void> {
  for (const { slot, keptAt } of present) {
    const { before, after } = changes.get(slot) ?? {}
    const isOrdered = before?.deletion === undefined && after?.deletion !== undefined
    if (keptAt !== undefined && isOrdered) await cancelDeletion(deps, id, after)
  }
}

/** What was done stays done also where this cannot be written: then the next sweep does it once more. */
async function remember(deps: RotationDeps, id: string, swept: readonly Swept[]): Promise<void> {
  const changes = new Map(
    swept.filter(({ before, after }) => before !== after).map((each) => [each.before.slot, each]),
  )
  if (changes.size === 0) return
  const { issuers, clock } = deps
  for (let attempt = 1; attempt <= ROTATION_ATTEMPTS_MAX; attempt += 1) {
    const loaded = await issuers.load(id)
    if (loaded === undefined) return
    const before = leftoversOf(loaded.stored)
    await takeBackOrders(deps, id, before, changes)
    const leftovers = before.flatMap((leftover) => {
      const change = changes.get(leftover.slot)
      return change === undefined ? [leftover] : (merged(leftover, change.after) ?? [])
    })
    // Sweeps that ran beside this one have written the same.
    const isSame = leftovers.length === before.length
    if (isSame && leftovers.every((each, index) => each === before[index])) return
    const changed = withLeftovers(loaded.stored, leftovers, clock.now())
    if ((await issuers.replace(loaded, changed)) === 'written') return
  }
  throw overtaken(id)
}
