/**
 * What the control API answers to a rotation, a sweep and a change that is only planned, as forms.
 *
 * What a later host does that this version has no words for is kept by its name.
 */

import * as z from 'zod/mini'
import { shortened } from '../../printable.ts'
import { momentAnswer } from './answers.ts'

/** What stands in the public documents is in it, and each unprintable character of that is longer when escaped. */
const MESSAGE_CHARS_MAX = 1000

const unknownAction = z.pipe(
  z.object({ type: z.string() }),
  z.transform(({ type }) => ({ type: 'other' as const, name: type })),
)

const action = z.union([
  z.object({
    type: z.literal('create'),
    reason: z.string(),
    alg: z.string(),
    custody: z.string(),
    signsAtOnce: z.boolean(),
    kid: z.optional(z.string()),
  }),
  z.object({ type: z.literal('see'), kid: z.string(), firstSeenAt: z.int() }),
  z.object({ type: z.enum(['confirm', 'reschedule']), kid: z.string(), activatesAt: z.int() }),
  z.object({ type: z.literal('prune'), kid: z.string(), why: z.string() }),
  z.object({ type: z.literal('settle'), seenAt: z.int() }),
  z.object({ type: z.literal('abandon'), slot: z.string() }),
  unknownAction,
])
export type ActionAnswer = z.infer<typeof action>

/** Its beginning: a report is not refused for what stands in public documents. */
const message = z.pipe(
  z.string(),
  z.transform((text) => shortened(text, MESSAGE_CHARS_MAX)),
)

const unknownWait = z.pipe(
  z.object({ reason: z.string() }),
  z.transform(({ reason }) => ({ reason: 'other' as const, name: reason })),
)

const wait = z.union([
  z.object({ reason: z.literal('successor_not_seen'), kid: z.string(), publishedAt: z.int() }),
  z.object({ reason: z.literal('successor_seen_once'), kid: z.string(), until: z.int() }),
  z.object({ reason: z.literal('successor_not_verified'), kid: z.string() }),
  z.object({ reason: z.literal('policy_not_seen'), revision: z.int() }),
  z.object({
    reason: z.literal('not_observed'),
    problem: z.string(),
    message: z.optional(message),
  }),
  z.object({ reason: z.literal('key_being_made'), until: z.int() }),
  z.object({ reason: z.literal('too_many_leftovers'), count: z.int() }),
  z.object({ reason: z.literal('key_set_full'), keyType: z.string() }),
  unknownWait,
])
export type WaitAnswer = z.infer<typeof wait>

export const rotationAnswer = z.object({
  id: z.string(),
  revision: z.int(),
  dryRun: z.boolean(),
  actions: z.array(action),
  waits: z.array(wait),
  nextMoment: z.nullable(momentAnswer),
})
export type RotationAnswer = z.infer<typeof rotationAnswer>

const place = {
  slot: z.string(),
  alg: z.string(),
  custody: z.string(),
  forgottenAt: z.int(),
  kid: z.optional(z.string()),
}

const sweepEntry = z.union([
  z.object({ ...place, outcome: z.literal('waits'), until: z.int() }),
  z.object({
    ...place,
    outcome: z.literal('deletion_scheduled'),
    deletedAt: z.int(),
    isNew: z.boolean(),
  }),
  z.object({ ...place, outcome: z.literal('gone') }),
  z.object({ ...place, outcome: z.literal('kept'), isNew: z.boolean() }),
  z.object({ ...place, outcome: z.literal('failed'), code: z.string() }),
])
export type SweepEntryAnswer = z.infer<typeof sweepEntry>

export const sweepAnswer = z.object({
  id: z.string(),
  dryRun: z.boolean(),
  entries: z.array(sweepEntry),
})
export type SweepAnswer = z.infer<typeof sweepAnswer>

const value = z.union([z.string(), z.number()])

export const forecastAnswer = z.object({
  id: z.string(),
  revision: z.int(),
  dryRun: z.literal(true),
  effects: z.array(
    z.object({
      setting: z.string(),
      from: value,
      to: value,
      takesEffect: z.string(),
      at: z.optional(z.int()),
      explanation: z.string(),
    }),
  ),
})
export type ForecastAnswer = z.infer<typeof forecastAnswer>
export type EffectAnswer = ForecastAnswer['effects'][number]
