/**
 * What happens to issuers of a deployment over some weeks, so that every right that its roles have is needed once.
 */

import { expect } from 'vitest'
import {
  LAST_GOOD_SECONDS,
  MEMORY_COPY_SECONDS,
  SHARED_MAX_AGE_SECONDS,
  STALE_IF_ERROR_SECONDS,
  SWEEP_AFTER_SECONDS,
} from '../../src/limits.ts'
import type { CreatedIssuer } from '../support/hosts/control-client.ts'
import {
  control,
  createIssuer,
  createPublishOnly,
  mintToken,
  newIssuerId,
} from '../support/hosts/control-client.ts'
import type { TemplateHost } from '../support/hosts/template.ts'
import { policyEntry } from '../support/policy-entries.ts'
import { newSubjectKey } from '../support/subject-tokens.ts'
import { exchanging, setEntries } from './suite/exchanging.ts'
import { answered, ringOf } from './suite/rotating.ts'

const DAY_SECONDS = 86_400
/** Longer than any cache of a document, of the host or before it. */
const CACHES_SECONDS =
  LAST_GOOD_SECONDS + MEMORY_COPY_SECONDS + SHARED_MAX_AGE_SECONDS + STALE_IF_ERROR_SECONDS

export type KmsCustody = 'kms' | 'kms-wrapped'

/** An issuer that exchanges tokens and mints some. */
export async function busyIssuer(host: TemplateHost, custody: KmsCustody): Promise<CreatedIssuer> {
  const policy = { custody, rotationPeriodSeconds: 7 * DAY_SECONDS }
  const created = await createIssuer(host, policy)
  const key = newSubjectKey('ES256')
  await setEntries(host, created.id, [policyEntry({ keys: { jwks: { keys: [key.jwk] } } })])
  const { exchange } = await exchanging(host, created, key)
  expect((await exchange()).status).toBe(200)
  await mintToken(host, created.id)
  return created
}

/** Runs the schedule until the first key of this issuer has been replaced and has left. */
export async function replaceFirstKey(host: TemplateHost, id: string): Promise<void> {
  const [first] = (await ringOf(host, id)).keys
  const isThere = async () => {
    const { keys } = await ringOf(host, id)
    return keys.some(({ kid }) => kid === first?.kid)
  }
  for (let day = 0; day < 60 && (await isThere()); day += 1) {
    await host.runSchedule('rotate')
    host.clock.seconds += CACHES_SECONDS
    await host.runSchedule('rotate')
    host.clock.seconds += DAY_SECONDS
  }
  expect(await isThere()).toBe(false)
}

/** Has a key made that nobody hears of, which a later sweep finds by its tags. */
export async function loseKey(host: TemplateHost): Promise<void> {
  host.kms.inject('CreateKey', { type: 'lost_answer' }, 100)
  await expect(host.runSchedule('rotate')).rejects.toThrow('failed for')
  host.kms.heal()
  host.clock.seconds += SWEEP_AFTER_SECONDS
  await host.runSchedule('sweep')
  expect(host.kms.keys().some(({ state }) => state === 'PendingDeletion')).toBe(true)
}

/** An issuer with a URL of its own is found, and one that there is not is none. */
export async function findByLocation(host: TemplateHost): Promise<void> {
  const issuer = `https://${newIssuerId()}.example/prod`
  await createPublishOnly(host, issuer)
  const path = '/prod/healthz'
  const found = await host.request('GET', path, { headers: { Host: new URL(issuer).host } })
  expect(found.status).toBe(503)
  expect((await host.request('GET', '/nobody/healthz')).status).toBe(404)
}

/** Deletes the issuer, has its keys scheduled for deletion, and takes one of them back. */
export async function endAndTakeBack(host: TemplateHost, id: string): Promise<void> {
  expect((await control(host, 'DELETE', `/issuers/${id}`)).status).toBe(200)
  host.clock.seconds += SWEEP_AFTER_SECONDS + DAY_SECONDS
  await host.runSchedule('sweep')
  interface Swept {
    readonly entries: readonly { readonly slot: string; readonly outcome: string }[]
  }
  const { entries } = answered<Swept>(await control(host, 'POST', `/issuers/${id}/sweep`))
  const scheduled = entries.find(({ outcome }) => /schedul|delet|disabl/.test(outcome))
  expect(scheduled, `of ${JSON.stringify(entries)}`).toBeDefined()
  const json = { takeBack: scheduled?.slot }
  const taken = await control(host, 'POST', `/issuers/${id}/sweep`, { json })
  expect(taken.status, `answered ${taken.body}`).toBe(200)
}
