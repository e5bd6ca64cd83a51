/**
 * The first months of a ring, run by run: each kind of run once, with its calls.
 */

import type { Rotation } from '../../src/keyring/rotation.ts'
import type { RotationReport } from '../../src/keyring/rotation-report.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import { assertIs } from './assert-is.ts'
import { type AwsRing, awsRing } from './aws-ring.ts'
import type { RunKind } from './expected-calls.ts'

export interface CountedCalls {
  readonly kind: RunKind
  readonly calls: readonly string[]
}

const ID = 'bench'
const JOB_ISSUERS = 20
const HOUR = 3600
const DAY = 24 * HOUR
/** More than there is between two sightings: the max-age and the staleness of documents. */
const SIGHTINGS_APART = 900
/** KMS says nothing of a key that was just made. */
const DENIED = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: 'AccessDeniedException' }),
}

export async function ringLife(custody: KeyCustody): Promise<CountedCalls[]> {
  await using ring = await awsRing(custody)
  await ring.create(ID)
  const counted: CountedCalls[] = []
  const count = async (kind: RunKind, work: Promise<readonly string[]>) => {
    counted.push({ kind, calls: await work })
  }
  await count('making a successor', ring.callsOf(running('create')))
  await count('seeing it for the first time', ring.callsOf(running('see')))
  ring.wait(SIGHTINGS_APART / 3)
  await count('too early to see it again', ring.callsOf(running('')))
  ring.wait(SIGHTINGS_APART)
  await count('confirming it', ring.callsOf(running('confirm')))
  await count('nothing due', ring.callsOf(running('')))
  await count('a sweep with nothing to do', ring.callsOf(sweeping('')))
  await countJobs(ring, count)
  // Until the successor signs; then another one is made, so that pruning has a run to itself.
  ring.wait(90 * DAY)
  await ring.callsOf(running('create'))
  await ring.callsOf(running('see'))
  ring.wait(SIGHTINGS_APART)
  await ring.callsOf(running('confirm'))
  ring.wait(2 * DAY)
  await count('letting a key go', ring.callsOf(running('prune')))
  if (custody !== 'kms') return counted
  ring.wait(DAY + HOUR)
  const sweep = ring.callsOf(sweeping('deletion_scheduled'))
  await count('a sweep of one key that was let go', sweep)
  return [...counted, await findingByTags()]
}

async function countJobs(
  ring: AwsRing,
  count: (kind: RunKind, work: Promise<readonly string[]>) => Promise<void>,
): Promise<void> {
  for (let n = 1; n < JOB_ISSUERS; n += 1) await ring.create(`issuer-${n}`)
  // Their successors are made, seen and confirmed.
  for (let step = 1; step <= 3; step += 1) {
    await ring.callsOfJob('rotate')
    ring.wait(SIGHTINGS_APART)
  }
  await count('a job over 20 issuers, nothing due', ring.callsOfJob('rotate'))
  await count('a sweep of 20 issuers, nothing to do', ring.callsOfJob('sweep'))
}

/** Of a key that was made, and whose run failed before it was written. */
async function findingByTags(): Promise<CountedCalls> {
  await using ring = await awsRing('kms')
  await ring.create(ID)
  ring.kms.inject('GetPublicKey', { type: 'answer', answer: DENIED })
  const failed = await ring.callsOf((rotation) => rotation.run(ID).catch(() => undefined))
  assertIs('the last call of a run that fails', failed.at(-1), 'GetPublicKey')
  // The wrapping key, that of the ring, the one that failed, its successor, and that of another issuer.
  await ring.callsOf(running('create'))
  await ring.create('other')
  ring.wait(DAY + HOUR)
  return {
    kind: 'a sweep of one key that is found by its tags, of 5 in the account',
    calls: await ring.callsOf(sweeping('deletion_scheduled')),
  }
}

/** A run that does these actions and no others. */
function running(actions: string): (rotation: Rotation) => Promise<RotationReport | undefined> {
  return async (rotation) => {
    const report = await rotation.run(ID)
    assertIs('what a rotation did', report?.actions.map(({ type }) => type).join(), actions)
    return report
  }
}

function sweeping(outcomes: string): (rotation: Rotation) => Promise<void> {
  return async (rotation) => {
    const report = await rotation.sweep(ID)
    assertIs('what a sweep did', report?.entries.map(({ outcome }) => outcome).join(), outcomes)
  }
}
