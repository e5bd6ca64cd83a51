/**
 * Lives through a history, and if wanted through a quiet time after it in which every job runs and nothing goes wrong.
 */

import type { IssuerDocument } from '../../../src/issuers/issuer-document.ts'
import { retentionInForce, settlingMoments } from '../../../src/issuers/policy-in-force.ts'
import { nextMoment } from '../../../src/keyring/next-moment.ts'
import { scheduledKeys } from '../../../src/keyring/key-status.ts'
import type { RotationReport } from '../../../src/keyring/rotation-report.ts'
import {
  CLOCK_SKEW_SECONDS,
  HAND_OVER_NOTICE_SECONDS,
  RESERVATION_SECONDS,
  SWEEP_AFTER_SECONDS,
} from '../../../src/limits.ts'
import { CALM_HOST, CALM_LOOK } from './calm.ts'
import type { CriticalMoment, Event, History, Wait } from './history.ts'
import { createIssuer, operate } from './operators.ts'
import { LIFE_SECONDS_MAX } from './simulation.ts'
import { ISSUER_ID, type Run, type World, world } from './world.ts'

const HOUR = 3600
const DAY = 86_400

export async function liveThrough({ start, events }: History): Promise<World> {
  const lived = world(start)
  const { simulation } = lived
  await createIssuer(lived, start)
  for (const event of events) {
    const until = simulation.now() + secondsOf(lived, event.after)
    await simulation.advanceTo(until)
    happen(lived, event)
  }
  // Until whoever is under way has ended.
  await simulation.advanceTo(simulation.now() + LIFE_SECONDS_MAX + HOUR)
  return lived
}

function happen(lived: World, event: Event): void {
  const { simulation, timeline } = lived
  switch (event.type) {
    case 'wait':
      return
    case 'rotate':
      for (const { look, ...host } of event.hosts) {
        lived.spawn('rotation', host, (actor) => lived.rotationFor(actor, look).run(ISSUER_ID))
      }
      return
    case 'confirm':
      confirm(lived, event)
      return
    case 'sweep':
      for (const host of event.hosts) sweep(lived, host)
      return
    case 'public store stuck':
      timeline.stick(simulation.now(), simulation.now() + event.seconds)
      return
    case 'set policy':
    case 'revoke':
    case 'adopt':
    case 'delete':
      lived.spawn(event.type, event.host, (actor) => operate(lived, actor, event))
  }
}

function confirm(
  lived: World,
  { host, look, laterSeconds }: Extract<Event, { type: 'confirm' }>,
): void {
  const late = { before: 0, after: laterSeconds, fate: 'happens' as const }
  lived.spawn('rotation', { ...host, weather: [late, ...host.weather] }, async (actor) => {
    const observed = await actor.effect(() => lived.look(look, 0), {
      fails: () => lived.look(look, 0),
    })
    if (!observed.ok) return
    // By the clock of the host that is told.
    const observation = { ...observed.observation, at: actor.clock.now() }
    await lived.rotationFor(actor, look).run(ISSUER_ID, { observation })
  })
}

function sweep(lived: World, host: typeof CALM_HOST): void {
  lived.spawn('sweep', host, (actor) => lived.rotationFor(actor, CALM_LOOK).sweep(ISSUER_ID))
}

function secondsOf(lived: World, wait: Wait): number {
  if ('seconds' in wait) return wait.seconds
  const stored = lived.timeline.latest()?.stored
  if (stored?.kind !== 'issuer') return 0
  const now = lived.simulation.now()
  const moments = momentsOf(lived, stored, wait.moment, now)
  const soonest = Math.min(...moments.map((at) => at + wait.offset).filter((at) => at > now))
  return Number.isFinite(soonest) ? soonest - now : 0
}

function momentsOf(
  { bounds }: World,
  document: IssuerDocument,
  moment: CriticalMoment,
  now: number,
): number[] {
  const { policy, ring } = document
  const kept = retentionInForce(document, bounds, Math.floor(now))
  const superseded = scheduledKeys(ring.keys).flatMap(({ supersededAt }) => supersededAt ?? [])
  const activations = ring.keys.flatMap(({ activatesAt }) => activatesAt ?? [])
  switch (moment) {
    case 'activation':
      return activations
    case 'notice':
      return activations.map((at) => at - HAND_OVER_NOTICE_SECONDS)
    case 'sightings':
      return ring.keys.flatMap(({ publishedAt, firstSeenAt = publishedAt }) => [
        firstSeenAt + policy.jwksMaxAgeSeconds + bounds.documentStalenessSeconds,
        firstSeenAt + policy.propagationDelaySeconds,
      ])
    case 'retirement':
      return superseded.map((at) => at + kept)
    case 'pruning':
      return superseded.map((at) => at + kept + 2 * CLOCK_SKEW_SECONDS)
    case 'settled':
      return settlingMoments(document, bounds)
    case 'lapse':
      return ring.reservation === undefined
        ? []
        : [ring.reservation.reservedAt + RESERVATION_SECONDS]
    case 'sweep':
      return ring.leftovers.map(({ forgottenAt }) => forgottenAt + SWEEP_AFTER_SECONDS)
  }
}

const QUIET_TURNS_MAX = 400

/** Every rotation runs, and nothing goes wrong. */
export async function rotateQuietly(
  lived: World,
  isOver: (since: number) => boolean,
): Promise<void> {
  const { simulation, timeline, bounds } = lived
  const since = simulation.now()
  let isAfterMoment = false
  for (let turn = 1; turn <= QUIET_TURNS_MAX && !isOver(since); turn += 1) {
    const run = lived.spawn('rotation', CALM_HOST, (actor) =>
      lived.rotationFor(actor, CALM_LOOK).run(ISSUER_ID),
    )
    await simulation.advanceTo(simulation.now() + 1)
    const stored = timeline.latest()?.stored
    if (stored?.kind !== 'issuer') return
    const now = simulation.now()
    const { at = Infinity } = nextMoment(stored, bounds, Math.floor(now)) ?? {}
    // A moment is followed by what is due a little after it, as a retirement is by pruning.
    isAfterMoment = !isBusy(run) && !isAfterMoment
    await simulation.advanceTo(now + (isAfterMoment ? Math.min(at - now + 1, 2 * DAY) : HOUR / 4))
  }
}

function isBusy({ ending }: Run): boolean {
  if (ending?.type !== 'ended') return true
  const { actions, waits } = ending.value as RotationReport
  return actions.length + waits.length > 0
}

export async function sweepQuietly(lived: World, seconds: number): Promise<void> {
  const { simulation } = lived
  const until = simulation.now() + seconds
  while (simulation.now() < until) {
    sweep(lived, CALM_HOST)
    await simulation.advanceTo(simulation.now() + 5 * DAY)
  }
}
