/**
 * A ring's first rotation, told step by step: for people, and for a golden file.
 *
 * The job runs every quarter of an hour. A run that finds nothing to do and nothing to wait for is not told, and neither are
 * those after it until something happens by itself.
 */

import { DAY, MINUTE } from './controlled-time.ts'
import { SHORT_POLICY } from './first-rotation.ts'
import { lifeUntil } from './mortal-calls.ts'
import { type RingLife, ringLife } from './ring-life.ts'
import { createdIssuer, ownKeys } from './ring-operator.ts'
import { PLACES, type RingWorld } from './ring-world.ts'
import { wording } from './rotation-words.ts'

const QUARTER = 15 * MINUTE
const [HERE] = PLACES

const LEGEND = [
  "A ring's first rotation: a new key each 7 d, 1 d from its first sighting to its first signature, tokens of 1 h at most.",
  'Relying parties, as they are before each run: near asks each time; far keeps what it has as long as it may, behind a CDN that',
  'does so too, and what is stored is seen there as late as it may be; between keeps what it has for ten minutes.',
  '',
] as const

/** Ends once the first key has left the ring, and where a service kept it, is deleted there. */
export async function rotationRecord(world: RingWorld): Promise<string> {
  const { clock, custodies } = world
  const start = clock.seconds
  const operator = await createdIssuer(world, { ...SHORT_POLICY, custody: custodies[0] })
  const life = ringLife(world, operator)
  const words = wording(start)
  const lines: string[] = [...LEGEND]
  const job = () => world.job(HERE, lifeUntil()).rotation
  let waitedFor = ''

  async function tell(first = '', ...others: readonly string[]): Promise<void> {
    const state = await stateOf(world, life, (kid) => words.key(kid))
    lines.push(`${words.moment(clock.seconds).padStart(14)}  ${first}`)
    lines.push(...[...others, ...state].map((line) => `${' '.repeat(16)}${line}`))
  }

  /** Resolves to whether it did nothing and waits for nothing. */
  async function rotate(): Promise<boolean> {
    const { actions = [], waits = [] } = (await job().run(operator.id)) ?? {}
    const waiting = waits.map((wait) => words.wait(wait))
    const isTold = actions.length > 0 || (waits.length > 0 && waiting.join() !== waitedFor)
    waitedFor = waiting.join()
    if (isTold) await tell(...actions.map((action) => words.action(action)), ...waiting)
    return actions.length === 0 && waits.length === 0
  }

  async function sweepAt(seconds: number): Promise<void> {
    await life.advanceTo(seconds)
    const entries = (await job().sweep(operator.id))?.entries ?? []
    if (entries.length > 0) await tell(...entries.map((entry) => words.swept(entry)))
  }

  /** Lets the next thing happen by itself, if that is before the next run. Resolves to whether it did. */
  async function happens(before: number): Promise<boolean> {
    const [next] = ownKeys(await life.ring())
      .flatMap(({ kid, activatesAt = 0, retiresAt = 0 }) => [
        { at: activatesAt, what: `${words.key(kid)} signs from now on` },
        { at: retiresAt, what: `${words.key(kid)} leaves the JWK Set` },
      ])
      .filter(({ at }) => at > clock.seconds)
      .toSorted((a, b) => a.at - b.at)
    if (next === undefined || next.at > before) return false
    await life.advanceTo(next.at)
    await tell(next.what)
    return true
  }

  await life.advanceTo(start)
  await tell('the issuer is created through the control API')
  const first = ownKeys(await life.ring())[0]?.kid
  const isThere = async () => ownKeys(await life.ring()).some(({ kid }) => kid === first)
  let isIdle = false
  while (!isIdle || (await isThere())) {
    const tick = start + QUARTER * (Math.floor((clock.seconds - start) / QUARTER) + 1)
    if (await happens(isIdle ? Infinity : tick)) isIdle = false
    else {
      await life.advanceTo(tick)
      isIdle = await rotate()
    }
  }
  for (const days of [0, 1, 31]) await sweepAt(clock.seconds + days * DAY)
  return `${lines.join('\n')}\n`
}

/** What the world sees then. */
async function stateOf(
  world: RingWorld,
  life: RingLife,
  nameOf: (kid: string) => string,
): Promise<string[]> {
  const { revision, keys, leftovers } = await life.ring()
  const sets = life.parties
    .filter((party) => party.kids().length > 0)
    .map((party) => `${party.name} ${party.kids().map(nameOf).join(' ')}`)
  const signing = keys.find(({ status }) => status === 'active')
  const kept = await world.keptKeys(life.operator.id)
  const enabled = kept.filter(({ isDeleted }) => !isDeleted).length
  return [
    `revision ${revision}; JWK Set: ${sets.join(', ')}; signs: ${nameOf(signing?.kid ?? '')}`,
    ...(kept.length === 0
      ? []
      : [
          `KMS: ${enabled} in use, ${kept.length - enabled} to be deleted; left to the sweep: ${leftovers.length}`,
        ]),
  ]
}
