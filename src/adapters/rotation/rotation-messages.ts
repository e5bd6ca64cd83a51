/**
 * What is said between the function that writes documents and the one that makes and destroys keys.
 *
 * A question names an issuer, and may say how careful to be and what was seen elsewhere: whoever may ask cannot say what is
 * done to a ring. An answer names a fault by its code alone, since a message may be for the log of the other function.
 */

import * as z from 'zod/mini'
import type { Clock } from '../../clock.ts'
import { Fault, FAULT_CODES } from '../../errors.ts'
import { isIssuerId } from '../../issuers/issuer-id.ts'
import { failureFields } from '../../jobs/failure-fields.ts'
import { parseJson } from '../../json.ts'
import type { Rotation, RotationOptions, SweepOptions } from '../../keyring/rotation.ts'
import type { RotationReport } from '../../keyring/rotation-report.ts'
import type { SweepReport } from '../../keyring/sweep-report.ts'
import { DELETION_WINDOW_DAYS } from '../../limits.ts'
import type { Log } from '../../log.ts'
import { formOf, observationForm, observationOf } from '../../publication/observation-form.ts'
import { rotationReportForm, sweepReportForm } from './report-schemas.ts'

const version = z.literal(1)
const issuerId = z.string().check(z.refine(isIssuerId))
const dryRun = z.optional(z.boolean())
const { min, max } = DELETION_WINDOW_DAYS

const rotationRequest = z.strictObject({
  version,
  issuer: issuerId,
  dryRun,
  observation: z.optional(observationForm),
})
type RotationRequest = z.infer<typeof rotationRequest>

const sweepRequest = z.strictObject({
  version,
  sweep: issuerId,
  dryRun,
  windowDays: z.optional(z.int().check(z.minimum(min), z.maximum(max))),
  takeBack: z.optional(z.string().check(z.minLength(1))),
})
type SweepRequest = z.infer<typeof sweepRequest>

const publishRequest = z.strictObject({ version, publish: issuerId })
type PublishRequest = z.infer<typeof publishRequest>

const failed = z.strictObject({ status: z.literal('failed'), code: z.enum(FAULT_CODES) })

const rotationAnswer = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('done'), report: z.nullable(rotationReportForm) }),
  failed,
])
const sweepAnswer = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('done'), report: z.nullable(sweepReportForm) }),
  failed,
])

const publishAnswer = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('done') }),
  failed,
])

export type RotationQuestion = RotationRequest | SweepRequest | PublishRequest
/** `report`: `null` where there is no such issuer. */
export type Answer<Report> =
  | { readonly status: 'done'; readonly report: Report | null }
  | z.infer<typeof failed>
export type RotationAnswer = z.infer<typeof rotationAnswer>
export type SweepAnswer = z.infer<typeof sweepAnswer>
export type PublishAnswer = z.infer<typeof publishAnswer>

/** As JSON. */
export function rotationQuestion(
  issuer: string,
  { dryRun: isDry, observation }: RotationOptions = {},
): string {
  const request: RotationRequest = {
    version: 1,
    issuer,
    dryRun: isDry,
    observation: observation && formOf(observation),
  }
  return JSON.stringify(request)
}

/** As JSON. */
export function sweepQuestion(issuer: string, options: SweepOptions = {}): string {
  const { dryRun: isDry, windowDays, takeBack } = options
  const request: SweepRequest = { version: 1, sweep: issuer, dryRun: isDry, windowDays, takeBack }
  return JSON.stringify(request)
}

/** As JSON. */
export function publishQuestion(issuer: string): string {
  const request: PublishRequest = { version: 1, publish: issuer }
  return JSON.stringify(request)
}

/** `undefined` for anything that is no answer. */
export function parseRotationAnswer(text: string): Answer<RotationReport> | undefined {
  return rotationAnswer.safeParse(parseJson(text)).data
}

/** `undefined` for anything that is no answer. */
export function parseSweepAnswer(text: string): Answer<SweepReport> | undefined {
  return sweepAnswer.safeParse(parseJson(text)).data
}

/** `undefined` for anything that is no answer. */
export function parsePublishAnswer(text: string): PublishAnswer | undefined {
  return publishAnswer.safeParse(parseJson(text)).data
}

/** `undefined` for anything that is no question. */
export function parseQuestion(event: unknown): RotationQuestion | undefined {
  return z.union([rotationRequest, sweepRequest, publishRequest]).safeParse(event).data
}

export interface AnswerDeps {
  readonly rotation: Pick<Rotation, 'run' | 'sweep' | 'publish'>
  /** By it, and not by that of who asks, an observation was made: when it arrived. */
  readonly clock: Clock
  readonly log: Log
}

/** What the rotating function answers. Rejects with what is no fault. */
export async function answerQuestion(
  question: RotationQuestion,
  deps: AnswerDeps,
): Promise<RotationAnswer | SweepAnswer | PublishAnswer> {
  try {
    if ('sweep' in question) return { status: 'done', report: await swept(question, deps) }
    if ('issuer' in question) return { status: 'done', report: await rotated(question, deps) }
    await deps.rotation.publish(question.publish)
    return { status: 'done' }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    deps.log('error', failureEvent(question), {
      issuer: issuerOf(question),
      ...failureFields(error),
    })
    return { status: 'failed', code: error.code }
  }
}

function issuerOf(question: RotationQuestion): string {
  if ('sweep' in question) return question.sweep
  return 'issuer' in question ? question.issuer : question.publish
}

function failureEvent(question: RotationQuestion): string {
  if ('sweep' in question) return 'sweep_failed'
  return 'issuer' in question ? 'rotation_failed' : 'static_copies_failed'
}

async function rotated(
  { issuer, dryRun: isDry, observation: sent }: RotationRequest,
  { rotation, clock }: AnswerDeps,
): Promise<RotationReport | null> {
  const observation = sent && observationOf(sent, clock.now())
  return (await rotation.run(issuer, { dryRun: isDry, observation })) ?? null
}

async function swept(
  { sweep, dryRun: isDry, windowDays, takeBack }: SweepRequest,
  { rotation }: AnswerDeps,
): Promise<SweepReport | null> {
  return (await rotation.sweep(sweep, { dryRun: isDry, windowDays, takeBack })) ?? null
}
