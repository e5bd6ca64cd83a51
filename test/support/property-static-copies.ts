/**
 * A ring with static copies, and what may happen to its runs: of itself, or by somebody else.
 */

import { Fault } from '../../src/errors.ts'
import { nextRevision, tombstoneOf } from '../../src/issuers/issuer-changes.ts'
import type { IssuerDocument, StoredIssuer } from '../../src/issuers/issuer-document.ts'
import { withPolicy } from '../../src/issuers/policy-in-force.ts'
import { activeKey } from '../../src/keyring/key-status.ts'
import { type LatePuts, latePuts } from './late-puts.ts'
import { BOUNDS } from './rotation-fixtures.ts'
import {
  Crash,
  type Fate,
  FATES,
  issuerWithoutKeys,
  rotationShell,
  type Shell,
} from './rotation-shell.ts'
import { testCopies, type TestCopies } from './static-copies.ts'

export const CHANGES = ['policy', 'revoke', 'delete'] as const
export type Change = (typeof CHANGES)[number]

/** What happens to a run, once it comes to this effect: of its own, or by somebody else before it. */
export interface Trouble {
  readonly at: number
  readonly what: Fate | Change | 'run' | 'runs' | 'put is late' | 'deleted at lost put'
}

/** What the public documents show: what is stored, or a revision that was never written. */
export type Shown = 'stored' | 'never written'

export interface World {
  readonly shell: Shell
  readonly copies: TestCopies
  isDeleted: boolean
  shown: Shown
  readonly late: LatePuts
  /** What was written backwards. */
  readonly backwards: string[]
}

/** `hashed`: with etags as S3 has them. */
export async function worldOf(custody: 'sealed' | 'kms', hashed: boolean): Promise<World> {
  const copies = testCopies({ hashed })
  // With equal etags conditions tell nothing, and a copy may be older for a while.
  const backwards: string[] = []
  const late = latePuts({
    ...copies,
    put: async (name, copy, condition) => {
      const before = copies.all.get(name)
      const outcome = await copies.put(name, copy, condition)
      const isBackwards = before !== undefined && before.ringVersion > copy.ringVersion
      if (outcome === 'written' && isBackwards && !hashed) backwards.push(name)
      return outcome
    },
  })
  const shell = await rotationShell(issuerWithoutKeys(custody), custody, late.store)
  const world: World = { shell, copies, isDeleted: false, shown: 'stored', late, backwards }
  const { observe } = shell.control
  shell.control.observe = (document) => {
    const observed = observe(document)
    if (world.shown === 'stored' || !observed.ok) return observed
    const ringVersion = document.revision + 1000
    return { ok: true, observation: { ...observed.observation, ringVersion } }
  }
  return world
}

export async function changed(world: World, change: Change): Promise<void> {
  const { shell } = world
  const now = shell.clock.seconds
  if (change === 'delete') world.isDeleted = true
  await shell.change((stored) => {
    if (stored.kind === 'tombstone') return stored
    if (change === 'delete') return tombstoneOf(stored, undefined, now)
    return change === 'policy' ? withOtherPolicy(stored, now) : withActiveRevoked(stored, now)
  })
}

function withOtherPolicy(document: IssuerDocument, now: number): StoredIssuer {
  const jwksMaxAgeSeconds = document.policy.jwksMaxAgeSeconds === 300 ? 240 : 300
  const policy = { ...document.policy, jwksMaxAgeSeconds }
  return withPolicy(nextRevision(document, now), policy, BOUNDS, now)
}

function withActiveRevoked(document: IssuerDocument, now: number): StoredIssuer {
  const active = activeKey(document.ring.keys, now)
  if (active === undefined || (active.activatesAt ?? now) >= now) return document
  const keys = document.ring.keys.map((key) =>
    key.kid === active.kid ? { ...key, revokedAt: now } : key,
  )
  return { ...nextRevision(document, now), ring: { ...document.ring, keys } }
}

export async function ran(world: World, trouble?: Trouble): Promise<void> {
  const { shell } = world
  const first = shell.effects.length
  if (trouble !== undefined) meet(world, first + trouble.at, trouble.what)
  try {
    await shell.rotation.run('prod')
  } catch (error) {
    if (!(error instanceof Fault || error instanceof Crash)) throw error
  }
  untroubled(shell)
  world.late.delayNext(undefined)
}

function untroubled({ control }: Shell): void {
  control.fateOf = () => undefined
  control.before = async () => {}
}

function meet(world: World, at: number, what: Trouble['what']): void {
  const { shell } = world
  const { control } = shell
  const fate = FATES.find((each) => each === what)
  control.fateOf = (_name, index) => (index === at ? fate : undefined)
  control.before = async (_name, index) => {
    if (index !== at) return
    untroubled(shell)
    control.fateOf = (_, later) => (later === at ? fate : undefined)
    if (what === 'put is late') world.late.delayNext(at)
    if (what === 'deleted at lost put') world.late.delayNext(0)
    if (what === 'deleted at lost put') await changed(world, 'delete')
    const change = CHANGES.find((each) => each === what)
    if (change !== undefined) await changed(world, change)
    for (let run = what === 'runs' ? 3 : what === 'run' ? 1 : 0; run > 0; run -= 1) await ran(world)
  }
}
