/**
 * What the control API takes: each message says what is allowed.
 *
 * Bounds and relations of a policy are checked by `issuers/policy.ts`; here only its form.
 */

import * as z from 'zod/mini'
import { SIGNING_ALGORITHMS } from '../crypto/algorithms.ts'
import { isDnsLabel, isDnsSubdomain } from '../dns-names.ts'
import {
  AUDIENCE_CHARS_MAX,
  DELETION_WINDOW_DAYS,
  REASON_CHARS_MAX,
  SUBJECT_CHARS_MAX,
  TOKEN_TTL_MIN_SECONDS,
} from '../limits.ts'
import { DURATION_SETTINGS, type DurationSetting } from '../issuers/policy.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { isPrintable } from '../printable.ts'
import { observationForm } from '../publication/observation-form.ts'
import { CUSTODIES } from '../signers/key-manager.ts'
import type { ExtraClaims } from '../tokens/claims.ts'
import { claimProblems } from '../tokens/extra-claims.ts'

/** A string of 1 to `max` characters that a header, a log line and a policy can hold. */
function line(max: number): z.ZodMiniType<string> {
  const message = `must be 1 to ${max} printable characters without spaces at its ends`
  return z.string(message).check(z.refine((text) => isLine(text, max), message))
}

function isLine(text: string, max: number): boolean {
  return text.length > 0 && text.length <= max && text.trim() === text && isPrintable(text)
}

function members(names: readonly string[]): string {
  return names.length === 0 ? 'the body has no members' : `known are ${names.join(', ')}`
}

/** A strict object whose message lists the members that it knows. */
function body<const T extends Record<string, z.ZodMiniType>>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? members(Object.keys(shape)) : 'must be a JSON object',
  })
}

const durations = Object.fromEntries(
  Object.entries(DURATION_SETTINGS).map(([name, { min, max }]) => [
    name,
    z.exactOptional(z.int(`must be a whole number of seconds from ${min} to ${max}`)),
  ]),
) as Record<DurationSetting, z.ZodMiniExactOptional<z.ZodMiniNumberFormat>>

const algorithm = z.enum(SIGNING_ALGORITHMS, `must be one of ${SIGNING_ALGORITHMS.join(', ')}`)
const custody = z.enum(CUSTODIES, `must be one of ${CUSTODIES.join(', ')}`)

const policy = body({
  algorithm: z.exactOptional(algorithm),
  custody: z.exactOptional(custody),
  ...durations,
})
const dryRun = z.exactOptional(z.boolean('must be true or false'))

export const createIssuerBody = body({
  id: z.string('must be a string such as "prod"'),
  issuer: z.exactOptional(z.string('must be a URL such as "https://oidc.example.com/prod"')),
  policy: z.exactOptional(policy),
})
export type CreateIssuerBody = z.infer<typeof createIssuerBody>

export const updateIssuerBody = body({ policy, dryRun })
export type UpdateIssuerBody = z.infer<typeof updateIssuerBody>

/** Its own form is `parsePolicy`'s, which knows places and lines. */
export const setPolicyBody = body({
  policy: z.custom<JsonObject>(
    isJsonObject,
    'must be an exchange policy (a JSON object with entries)',
  ),
  dryRun,
})

export const rotateBody = body({ dryRun, observation: z.exactOptional(observationForm) })
export type RotateBody = z.infer<typeof rotateBody>

const { min, max } = DELETION_WINDOW_DAYS
const windowMessage = `must be a whole number of days from ${min} to ${max}`

export const sweepBody = body({
  dryRun,
  windowDays: z.exactOptional(
    z.int(windowMessage).check(z.minimum(min, windowMessage), z.maximum(max, windowMessage)),
  ),
  takeBack: z.exactOptional(z.string('must be a slot, as a sweep names it')),
})
export type SweepBody = z.infer<typeof sweepBody>

export const deleteIssuerBody = body({ reason: z.exactOptional(line(REASON_CHARS_MAX)) })

const serviceAccount = body({
  namespace: z
    .string('must be a string')
    .check(z.refine(isDnsLabel, 'must be a Kubernetes namespace (a DNS label)')),
  name: z
    .string('must be a string')
    .check(z.refine(isDnsSubdomain, 'must be a Kubernetes service account name (a DNS name)')),
  uid: z.exactOptional(line(SUBJECT_CHARS_MAX)),
})

const ttlMessage = `must be a whole number of seconds, at least ${TOKEN_TTL_MIN_SECONDS}`

const extraClaims = z
  .custom<ExtraClaims>(isJsonObject, 'must be a JSON object of further claims')
  .check(({ value, issues }) => {
    for (const { path, message, given } of claimProblems(value)) {
      issues.push({ code: 'custom', path: [...path], message, input: given })
    }
  })

export const mintBody = body({
  subject: z.exactOptional(line(SUBJECT_CHARS_MAX)),
  serviceAccount: z.exactOptional(serviceAccount),
  audience: line(AUDIENCE_CHARS_MAX),
  ttlSeconds: z.exactOptional(
    z.int(ttlMessage).check(z.minimum(TOKEN_TTL_MIN_SECONDS, ttlMessage)),
  ),
  claims: z.exactOptional(extraClaims),
})
export type MintBody = z.infer<typeof mintBody>
