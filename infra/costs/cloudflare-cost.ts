/**
 * What a host on Cloudflare costs in a month besides KMS, part by part, on the Workers Paid plan.
 */

import { MEMORY_COPY_SECONDS, SIGNER_STALENESS_SECONDS } from '../../src/limits.ts'
import * as assumed from './assumptions.ts'
import type { Use } from './assumptions.ts'
import { costOf } from './price.ts'
import { CLOUDFLARE } from './prices.ts'

export interface CloudflareUse extends Use {
  readonly documents: number
  readonly isSignedByKms: boolean
}

/** Each in US dollars, what the plan includes taken off. */
export interface CloudflareCost {
  readonly plan: number
  readonly requests: number
  readonly cpu: number
  readonly durableObjects: number
  readonly kv: number
  readonly logs: number
}

export function cloudflareCost(use: CloudflareUse): CloudflareCost {
  const { documents, exchanges } = use
  return {
    plan: costOf(CLOUDFLARE.plan, 1),
    requests: costOf(CLOUDFLARE.request, documents + exchanges + assumed.RUNS),
    cpu: costOf(CLOUDFLARE.cpuMs, cpuMilliseconds(use)),
    durableObjects: durableObjectsCost(use),
    kv: kvCost(use),
    logs: costOf(CLOUDFLARE.logEvent, exchanges * assumed.LOG_EVENTS_OF_EXCHANGE + assumed.RUNS),
  }
}

function cpuMilliseconds({ issuers, exchanges, documents, isSignedByKms }: CloudflareUse): number {
  const { document, exchange, kms, issuerOfRun } = assumed.WORKER_MS
  const exchangeMs = isSignedByKms ? kms : exchange
  return documents * document + exchanges * exchangeMs + assumed.RUNS * issuers * issuerOfRun
}

function durableObjectsCost({ issuers, exchanges }: CloudflareUse): number {
  const { ISOLATES, MONTH_SECONDS, EXCHANGE_DOCUMENTS, RUNS } = assumed
  const refreshes = (issuers * ISOLATES * MONTH_SECONDS) / SIGNER_STALENESS_SECONDS
  const lists = Math.ceil(issuers / assumed.KEYS_PER_LIST)
  const requests =
    EXCHANGE_DOCUMENTS * Math.min(exchanges, refreshes) +
    RUNS * (issuers + lists) +
    issuers * assumed.ROTATIONS * assumed.WRITES_OF_ROTATION
  return (
    costOf(CLOUDFLARE.objectRequest, requests) +
    costOf(CLOUDFLARE.objectGbSecond, requests * assumed.OBJECT_GB_SECONDS)
  )
}

function kvCost({ issuers, documents }: CloudflareUse): number {
  const refreshes = (issuers * assumed.ISOLATES * assumed.MONTH_SECONDS) / MEMORY_COPY_SECONDS
  const writes = issuers * assumed.ROTATIONS * assumed.WRITES_OF_ROTATION
  return (
    costOf(CLOUDFLARE.kvRead, Math.min(documents, refreshes)) + costOf(CLOUDFLARE.kvWrite, writes)
  )
}
