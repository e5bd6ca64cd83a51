/**
 * The form of reports as they go from function to function. A member that is unknown is left out, as one of the functions
 * may be newer than the other; one that is missing or of another form makes the report none.
 *
 * Each kind of action, wait and outcome stands here once more: the compiler sees where one of the core is missing.
 */

import * as z from 'zod/mini'
import { SIGNING_ALGORITHMS } from '../../crypto/algorithms.ts'
import { FAULT_CODES } from '../../errors.ts'
import type { RotationReport } from '../../keyring/rotation-report.ts'
import type { SweepReport } from '../../keyring/sweep-report.ts'
import { KEY_CUSTODIES } from '../../signers/key-manager.ts'

const moment = z.int().check(z.nonnegative())
const revision = z.int().check(z.positive())
const text = z.string().check(z.minLength(1))
const alg = z.enum(SIGNING_ALGORITHMS)
const custody = z.enum(KEY_CUSTODIES)

const action = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('create'),
    reason: z.enum(['bootstrap', 'scheduled', 'emergency']),
    alg,
    custody,
    signsAtOnce: z.boolean(),
    kid: z.exactOptional(text),
  }),
  z.object({ type: z.literal('see'), kid: text, firstSeenAt: moment }),
  z.object({ type: z.enum(['confirm', 'reschedule']), kid: text, activatesAt: moment }),
  z.object({
    type: z.literal('prune'),
    kid: text,
    why: z.enum(['retired', 'revoked', 'replaced', 'unusable']),
  }),
  z.object({ type: z.literal('settle'), seenAt: moment }),
  z.object({ type: z.literal('abandon'), slot: text }),
])

const observationProblem = z.enum([
  'unreachable',
  'timed_out',
  'redirected',
  'bad_status',
  'too_large',
  'not_a_discovery_document',
  'wrong_issuer',
  'wrong_jwks_uri',
  'not_a_jwk_set',
  'no_ring_version',
])

const wait = z.discriminatedUnion('reason', [
  z.object({ reason: z.literal('successor_not_seen'), kid: text, publishedAt: moment }),
  z.object({ reason: z.literal('successor_seen_once'), kid: text, until: moment }),
  z.object({ reason: z.literal('successor_not_verified'), kid: text }),
  z.object({ reason: z.literal('policy_not_seen'), revision }),
  z.object({ reason: z.literal('not_observed'), problem: observationProblem, message: text }),
  z.object({ reason: z.literal('key_being_made'), until: moment }),
  z.object({ reason: z.literal('too_many_leftovers'), count: z.int() }),
  z.object({ reason: z.literal('key_set_full'), keyType: z.enum(['RSA', 'EC']) }),
])

const ringMoment = z.object({
  at: moment,
  what: z.enum(['activation', 'retirement', 'revocation', 'rotation due']),
})

export const rotationReportForm = z.object({
  id: text,
  revision,
  dryRun: z.boolean(),
  actions: z.readonly(z.array(action)),
  waits: z.readonly(z.array(wait)),
  nextMoment: z.nullable(ringMoment),
}) satisfies z.ZodMiniType<RotationReport>

const place = {
  slot: text,
  alg,
  custody,
  forgottenAt: moment,
  kid: z.exactOptional(text),
}

const sweepEntry = z.discriminatedUnion('outcome', [
  z.object({ ...place, outcome: z.literal('waits'), until: moment }),
  z.object({
    ...place,
    outcome: z.literal('deletion_scheduled'),
    deletedAt: moment,
    isNew: z.boolean(),
  }),
  z.object({ ...place, outcome: z.literal('gone') }),
  z.object({ ...place, outcome: z.literal('kept'), isNew: z.boolean() }),
  z.object({ ...place, outcome: z.literal('failed'), code: z.enum(FAULT_CODES) }),
])

export const sweepReportForm = z.object({
  id: text,
  dryRun: z.boolean(),
  entries: z.readonly(z.array(sweepEntry)),
}) satisfies z.ZodMiniType<SweepReport>
