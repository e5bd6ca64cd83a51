/**
 * The shell of the planner: loads, looks, plans, proves, makes keys, and writes under the condition that nobody else did.
 *
 * One step a run. A crash between any two of its effects leaves a ring that the next run can go on with.
 */

import { Fault } from '../errors.ts'
import { nextRevision } from '../issuers/issuer-changes.ts'
import type { IssuerDocument, StoredIssuer } from '../issuers/issuer-document.ts'
import type { LoadedIssuer } from '../issuers/issuer-repository.ts'
import type { Reservation } from '../issuers/key-record.ts'
import { DECISION_SECONDS_MAX, ROTATION_ATTEMPTS_MAX } from '../limits.ts'
import type { Observed } from '../publication/observation.ts'
import { isKeptElsewhere } from '../signers/kept-elsewhere.ts'
import { withAction, withNewKey, withReservation } from './changed-ring.ts'
import { copiesFollow, copiesFollowFailure } from './copies-after-run.ts'
import { logRotation } from './log-rotation.ts'
import { makeReservedKey } from './make-reserved-key.ts'
import { needsObservation } from './needs-observation.ts'
import { newSlot } from './new-slot.ts'
import { overtaken } from './overtaken.ts'
import { planRotation } from './plan-rotation.ts'
import { withProof } from './prove-successor.ts'
import { renewedKids, withRenewedKeys } from './renew-keys.ts'
import { ringStatus } from './ring-status.ts'
import type { RotationDeps } from './rotation-deps.ts'
import type { RotationOptions } from './rotation.ts'
import type { RotationPlan, RotationWait } from './rotation-plan.ts'
import {
  type ReportedAction,
  reportedAction,
  type RotationOutcome,
  type RotationReport,
  rotationReport,
} from './rotation-report.ts'

const NEED_A_LOOK: readonly RotationWait['reason'][] = ['successor_not_seen', 'policy_not_seen']

interface LoadedDocument extends LoadedIssuer {
  readonly stored: IssuerDocument
}

/** What a run ended with. */
interface Ended {
  readonly stored: StoredIssuer
  readonly report?: RotationReport
}

export async function rotateIssuer(
  deps: RotationDeps,
  id: string,
  options: RotationOptions,
): Promise<RotationReport | undefined> {
  const running = runStep(deps, id, options)
  if (options.dryRun === true) return (await running)?.report
  const ended = await running.catch(async (failure: unknown) => {
    await copiesFollowFailure(deps, id, failure)
    throw failure
  })
  if (ended !== undefined) await copiesFollow(deps, ended.stored)
  return ended?.report
}

/** `undefined` where there is no such issuer. */
async function runStep(
  deps: RotationDeps,
  id: string,
  { observation, dryRun = false }: RotationOptions,
): Promise<Ended | undefined> {
  const { issuers, keyManagers, bounds, clock, log } = deps
  let seen: Observed | undefined = observation && { ok: true, observation }
  for (let attempt = 1; attempt <= ROTATION_ATTEMPTS_MAX; attempt += 1) {
    const loaded = await issuers.load(id)
    if (loaded !== undefined && attempt === 1 && !dryRun) await recopied(deps, id)
    if (loaded?.stored.kind !== 'issuer') return loaded && { stored: loaded.stored }
    const { stored, etag } = loaded
    if (seen === undefined && needsObservation(stored, bounds, clock.now())) {
      seen = await deps.observe(stored.issuer)
    }
    const observed = seen && (await confirmed(deps, stored, seen))
    const now = clock.now()
    const plan = await withProof(
      planFor(stored, observed, deps, now),
      stored,
      { managers: keyManagers, log },
      now,
    )
    const outcome = dryRun
      ? planned(stored, plan)
      : await perform(deps, { stored, etag }, plan, now)
    if (outcome === undefined) continue
    const report = rotationReport(outcome, bounds, clock.now())
    if (!dryRun) logRotation(log, report, ringStatus(outcome.document, bounds, clock.now()))
    return { stored: outcome.document, report }
  }
  throw overtaken(id)
}

/** What of it the static copies show too, where there are some. */
async function confirmed(
  { copies }: RotationDeps,
  { issuer, revision }: IssuerDocument,
  seen: Observed,
): Promise<Observed> {
  // Of a revision that this document never had it proves nothing, and must not come to that of a copy.
  const isOfAnother = seen.ok && seen.observation.ringVersion > revision
  return copies === undefined || isOfAnother ? seen : copies.confirm(issuer, seen)
}

/** Relying parties read the copy: a rotation that waits for it to show a key sees to it that it can. */
async function recopied({ issuers, log }: RotationDeps, id: string): Promise<void> {
  try {
    await issuers.recopy(id)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log('warn', 'copy_not_checked', { issuer: id, problem: error.message })
  }
}

function planFor(
  document: IssuerDocument,
  observed: Observed | undefined,
  { bounds }: RotationDeps,
  now: number,
): RotationPlan {
  const observations = observed?.ok ? [observed.observation] : []
  const plan = planRotation(document, { observations, bounds }, now)
  if (observed === undefined || observed.ok) return plan
  const { problem, message } = observed
  // What nobody could look at is neither seen nor not seen.
  const waits = plan.waits.filter(({ reason }) => !NEED_A_LOOK.includes(reason))
  return { ...plan, waits: [...waits, { reason: 'not_observed', problem, message }] }
}

function planned(document: IssuerDocument, { actions, waits }: RotationPlan): RotationOutcome {
  return { document, dryRun: true, actions: actions.map(reportedAction), waits }
}

/** `undefined`: somebody else wrote in between, or it took too long, so that all is to be decided anew. */
async function perform(
  deps: RotationDeps,
  loaded: LoadedDocument,
  plan: RotationPlan,
  now: number,
): Promise<RotationOutcome | undefined> {
  const { issuers, clock, log } = deps
  const { stored } = loaded
  const change = await changeFor(deps, stored, plan, now)
  const outcome = { document: stored, dryRun: false, actions: change.actions, waits: plan.waits }
  if (change.document !== stored) {
    if (clock.now() - now > DECISION_SECONDS_MAX) return undefined
    if ((await issuers.replace(loaded, change.document)) === 'conflict') return undefined
    // No action of the plan's, and yet a write: otherwise nobody would know why.
    for (const kid of renewedKids(stored, change.document)) {
      log('info', 'key_renewed', { issuer: stored.id, kid })
    }
  }
  if (change.failure !== undefined) throw change.failure
  if (change.reservation === undefined) return { ...outcome, document: change.document }
  const made = await makeReservedKey(deps, stored.id, change.reservation)
  const actions = change.actions.map((action) =>
    action.type === 'create' ? { ...action, kid: made.kid } : action,
  )
  return { ...outcome, document: made.document, actions }
}

interface Change {
  /** The stored document itself where nothing is done. */
  readonly document: IssuerDocument
  readonly actions: readonly ReportedAction[]
  /** Of a key that is made once the document is written. */
  readonly reservation?: Reservation
  /** Why a key could not be made: the rest is done, and then it is said. */
  readonly failure?: Fault
}

async function changeFor(
  { keyManagers, log }: RotationDeps,
  stored: IssuerDocument,
  { actions }: RotationPlan,
  now: number,
): Promise<Change> {
  const renewed = await withRenewedKeys(stored, keyManagers, log, now)
  const onDocument = actions.filter((action) => action.type !== 'create')
  const isUnchanged = onDocument.length === 0 && renewed === stored
  const next = onDocument.reduce(
    (document, action) => withAction(document, action, now),
    nextRevision(renewed, now),
  )
  const reported = onDocument.map(reportedAction)
  const creation = actions.find((action) => action.type === 'create')
  if (creation === undefined) return { document: isUnchanged ? stored : next, actions: reported }
  const { alg, custody } = creation
  const slot = newSlot()
  const place = { slot, alg, custody }
  if (isKeptElsewhere(custody)) {
    const reservation = { ...place, reservedAt: now }
    const document = withReservation(next, reservation)
    return { document, actions: [...reported, creation], reservation }
  }
  try {
    const created = await keyManagers.of(custody).create({ issuerId: stored.id, slot, alg })
    const document = withNewKey(next, place, created, now)
    return { document, actions: [...reported, { ...creation, kid: created.kid }] }
  } catch (failure) {
    if (!(failure instanceof Fault)) throw failure
    return { document: isUnchanged ? stored : next, actions: reported, failure }
  }
}
