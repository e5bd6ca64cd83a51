/**
 * A hand-over as time passes, with observations that a job sends alone: from the first sighting to the end of the old key.
 */

import { expect, test } from 'vitest'
import type { OwnKeyView } from '../../src/control/key-views.ts'
import { HAND_OVER_NOTICE_SECONDS } from '../../src/limits.ts'
import { control, mintToken, publishedKids } from '../support/hosts/control-client.ts'
import { inProcessHost, type InProcessHost, START_SECONDS } from '../support/hosts/in-process.ts'
import { healthOf, observed, ringOf, rotate, withSuccessor } from './suite/rotating.ts'

const DAY = 86_400
const HOUR = 3600
const PERIOD = 7 * DAY
const POLICY = { rotationPeriodSeconds: PERIOD, tokenTtlMaxSeconds: HOUR }
/** Of a first key: in the past by the clock skew. */
const HAND_OVER = START_SECONDS - 60 + PERIOD
/** The TTL, the leeway, the staleness, the hour of a last good document, the max-age, the skew of two clocks. */
const RETENTION = HOUR + 300 + 30 + HOUR + 600 + 120
/** From one sighting to the next. */
const APART = 600 + 30

/** A host that cannot look for itself is told by a job; here it is told as well. */
async function tell(host: InProcessHost, id: string) {
  return rotate(host, id, { observation: await observed(host, id) })
}

async function own(host: InProcessHost, id: string): Promise<OwnKeyView[]> {
  return (await ringOf(host, id)).keys.filter((key) => key.origin === 'own')
}

/** Its successor's moment is set. */
async function confirmed() {
  const host = inProcessHost()
  const { id, kid } = await withSuccessor(host, POLICY)
  await tell(host, id)
  host.clock.seconds += APART
  const report = await tell(host, id)
  return { host, id, kid, report }
}

function kidOf(token: string): unknown {
  const [header = ''] = token.split('.')
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: unknown }).kid
}

test('the second sighting counts from its moment on, not a second before', async () => {
  const host = inProcessHost()
  const { id, kid } = await withSuccessor(host, POLICY)
  await tell(host, id)
  host.clock.seconds += APART - 1
  const until = START_SECONDS + APART
  expect(await tell(host, id)).toMatchObject({
    actions: [],
    waits: [{ reason: 'successor_seen_once', kid, until }],
  })
  host.clock.seconds += 1
  const { actions, waits, nextMoment } = await tell(host, id)
  expect({ actions, waits }).toStrictEqual({
    actions: [{ type: 'confirm', kid, activatesAt: HAND_OVER }],
    waits: [],
  })
  expect(nextMoment).toStrictEqual({ at: HAND_OVER, what: 'activation' })
})

test('a second observation of other material proves nothing', async () => {
  const host = inProcessHost()
  const { id, kid } = await withSuccessor(host, POLICY)
  await tell(host, id)
  host.clock.seconds += APART
  const { ringVersion, jwks } = await observed(host, id)
  const keys = jwks.keys.map((jwk) => ({ ...jwk, y: jwk['x'] }))
  const report = await rotate(host, id, { observation: { ringVersion, jwks: { keys } } })
  expect(report).toMatchObject({ actions: [], waits: [{ reason: 'successor_not_seen', kid }] })
  expect((await healthOf(host, id)).successor).not.toHaveProperty('activatesAt')
})

test('what a hand-over moves is seen before it comes', async () => {
  const { host, id, kid } = await confirmed()
  expect(await own(host, id)).toMatchObject([
    { status: 'active', supersededAt: HAND_OVER, retiresAt: HAND_OVER + RETENTION },
    { kid, status: 'pending', firstSeenAt: START_SECONDS, activatesAt: HAND_OVER },
  ])
  expect(await healthOf(host, id)).toMatchObject({
    status: 'ok',
    successor: { kid, firstSeenAt: START_SECONDS, activatesAt: HAND_OVER },
    nextMoment: { at: HAND_OVER, what: 'activation' },
  })
  expect((await rotate(host, id)).actions).toStrictEqual([])
})

test('the successor signs from its moment on, and the old key is published until its tokens are over', async () => {
  const { host, id, kid } = await confirmed()
  const [old = ''] = await publishedKids(host, id)
  host.clock.seconds = HAND_OVER - 1
  expect(kidOf(await mintToken(host, id))).toBe(old)
  host.clock.seconds = HAND_OVER
  expect(kidOf(await mintToken(host, id))).toBe(kid)
  expect((await own(host, id)).map(({ status }) => status)).toStrictEqual(['retiring', 'active'])
  host.clock.seconds = HAND_OVER + RETENTION - 1
  expect(await publishedKids(host, id)).toStrictEqual([old, kid])
  host.clock.seconds += 1
  expect(await publishedKids(host, id)).toStrictEqual([kid])
  expect((await own(host, id))[0]).toMatchObject({ kid: old, status: 'retired' })
  const { actions: early } = await rotate(host, id)
  expect(early).toMatchObject([{ type: 'create', reason: 'scheduled' }])
  // Hosts whose clocks are behind still publish it.
  host.clock.seconds += 120
  const { actions } = await rotate(host, id)
  expect(actions).toContainEqual({ type: 'prune', kid: old, why: 'retired' })
  expect((await own(host, id)).map((key) => key.kid)).not.toContain(old)
})

test('a changed period moves the moment, and a dry run says so before', async () => {
  const { host, id, kid } = await confirmed()
  const policy = { rotationPeriodSeconds: 2 * DAY }
  const json = { policy, dryRun: true }
  const { body } = await control(host, 'PATCH', `/issuers/${id}`, { json })
  const moved = START_SECONDS - 60 + 2 * DAY
  expect(JSON.parse(body)).toMatchObject({
    effects: [{ setting: 'rotationPeriodSeconds', takesEffect: 'at_once', at: moved }],
  })
  await control(host, 'PATCH', `/issuers/${id}`, { json: { policy } })
  const { actions } = await rotate(host, id)
  expect(actions).toStrictEqual([{ type: 'reschedule', kid, activatesAt: moved }])
})

test('a successor that is proved late signs as soon as hosts can have heard of it', async () => {
  const host = inProcessHost()
  const { id, kid } = await withSuccessor(host, POLICY)
  await tell(host, id)
  host.clock.seconds = HAND_OVER + DAY
  expect(await healthOf(host, id)).toMatchObject({ status: 'overdue' })
  const { actions } = await tell(host, id)
  const activatesAt = host.clock.seconds + HAND_OVER_NOTICE_SECONDS
  expect(actions).toStrictEqual([{ type: 'confirm', kid, activatesAt }])
})

test('a new algorithm takes over as soon as it is proved, and its standing one goes', async () => {
  const host = inProcessHost()
  const { id, kid: old } = await withSuccessor(host, POLICY)
  await control(host, 'PATCH', `/issuers/${id}`, { json: { policy: { algorithm: 'RS256' } } })
  const made = (await rotate(host, id)).actions.flatMap((action) =>
    action.type === 'create' ? [action.kid] : [],
  )
  const seenAt = host.clock.seconds
  await tell(host, id)
  host.clock.seconds += APART
  expect((await tell(host, id)).actions).toStrictEqual([
    { type: 'confirm', kid: made[0], activatesAt: seenAt + DAY },
    { type: 'prune', kid: old, why: 'replaced' },
  ])
})
