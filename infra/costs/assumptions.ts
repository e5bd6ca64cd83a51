/**
 * What is assumed of a month of use, as data with the reason beside it. What the code or the construct says is taken from there.
 */

import { DURATION_SETTINGS } from '../../src/issuers/policy.ts'
import { FUNCTION_DEFAULTS } from '../issuer-host/issuer-host-props.ts'

export const MONTH_SECONDS = 30 * 86_400

/** A host of so many issuers, and how many tokens it exchanges in a month, over all issuers. */
export interface Use {
  readonly issuers: number
  readonly exchanges: number
}

/** Relying parties that keep documents of their own, at any time for each issuer: regions of STS, clusters, clouds. */
const RELYING_PARTIES = 3
/** Discovery document and JWK Set. */
const DOCUMENTS = 2

/**
 * Requests for documents. Each relying party asks again once what it has is over its max-age, and no oftener than it is
 * shown a token. Nothing is taken off for the CDN: with few relying parties a minute of its cache answers hardly any.
 */
export function documentRequests({ issuers, exchanges }: Use): number {
  return Math.min(DOCUMENTS * exchanges, documentRequestsMax(issuers))
}

/** Where tokens come from elsewhere, and are shown all the time. */
export function documentRequestsMax(issuers: number): number {
  const refreshes = MONTH_SECONDS / DURATION_SETTINGS.jwksMaxAgeSeconds.default
  return issuers * RELYING_PARTIES * DOCUMENTS * refreshes
}

/** On the wire, with headers. */
export const DOCUMENT_BYTES = 2000
export const TOKEN_BYTES = 2500

export const HTTP_GB = FUNCTION_DEFAULTS.http.memoryMb / 1024
export const ROTATE_GB = FUNCTION_DEFAULTS.rotate.memoryMb / 1024
/** Milliseconds that are billed. Of the latency of KMS no figure of AWS is known: 10 ms are a guess, measure yours. */
export const BILLED_MS = { document: 3, exchange: 5, kms: 10, run: 500, issuerOfRun: 10 } as const

/** Instances of `http` that know an issuer at a time; one that signs with a wrapped key decrypts it once, and lives two hours. */
export const INSTANCES = 2
export const INSTANCE_SECONDS = 7200
/** Documents that an exchange reads: the issuer and its policy, unless the instance has copies. */
export const EXCHANGE_DOCUMENTS = 2

/** An audit record with its metrics, and three lines of Lambda itself; a request for a document leaves those alone. */
export const EXCHANGE_LOG_BYTES = 2000
export const DOCUMENT_LOG_BYTES = 500
/** Of each issuer, in hours with an exchange: tokens issued, and how long that took. Refusals would be a third. */
export const METRICS_OF_ISSUER = 2
/** Of the whole host, whatever has no issuer in it: how long signing took. */
export const METRICS_OF_HOST = 1
/** Metric filters over logs, and alarms. */
export const METRICS_OF_ALARMS = 11
export const ALARMS = 17

/** A quarter of an hour apart, on both hosts. */
export const RUNS = MONTH_SECONDS / 900
/** Of an issuer with nothing due: its document, and the static copy that shows whether all of them are right. */
export const READS_OF_RUN = 2
export const KEYS_PER_LIST = 1000
/** How often a key takes over, by the default policy, and what each time is written: documents and static copies. */
export const ROTATIONS = MONTH_SECONDS / DURATION_SETTINGS.rotationPeriodSeconds.default
export const WRITES_OF_ROTATION = 15

/** CPU in the Worker, in milliseconds. */
export const WORKER_MS = { document: 0.5, exchange: 4, kms: 2, issuerOfRun: 1 } as const
/** Isolates that know an issuer at a time, and how long one lives: several in each of Cloudflare's places that is asked. */
export const ISOLATES = 10
export const ISOLATE_SECONDS = 3600
/** A Durable Object has 128 MB while it answers, which takes some ten milliseconds. */
export const OBJECT_GB_SECONDS = 0.128 * 0.01
/** The audit record of an exchange: `wrangler.toml` leaves out records of invocations, and a document leaves none. */
export const LOG_EVENTS_OF_EXCHANGE = 1
