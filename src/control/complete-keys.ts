/**
 * After an issuer was written: has the keys made that it still lacks, by whoever may make them, and its static copies.
 */

import { Fault } from '../errors.ts'
import type { IssuerDocument } from '../issuers/issuer-document.ts'
import { lacksFirstKey } from '../keyring/prepare-keys.ts'
import type { RotationReport } from '../keyring/rotation-report.ts'
import type { Log } from '../log.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { loadIssuer } from './change-issuer.ts'
import type { OperationDeps } from './control-deps.ts'
import { copiesFollow } from './copies-follow.ts'

/** Resolves to the issuer with its keys; what was written stays written also when they could not be made. */
export async function completeKeys(
  deps: OperationDeps,
  document: IssuerDocument,
): Promise<Outcome<IssuerDocument>> {
  const { rotation, log } = deps
  const { id } = document
  if (!lacksFirstKey(document)) {
    await copiesFollow(deps, id)
    return accepted(document)
  }
  // A rotation has the copies follow by itself.
  const failure = await faultOf(rotation.run(id).then((report) => problemIn(report)))
  const found = await loadIssuer(deps, id).catch((error: unknown) => {
    if (failure === undefined) throw error
    return undefined
  })
  if (found?.ok === false) return found
  // Also where the rotation has failed: what was lost may be its answer alone.
  if (found !== undefined && !lacksFirstKey(found.value.stored)) {
    return accepted(found.value.stored)
  }
  return notMade(log, id, failure ?? unseen(id))
}

/** What `work` resolved to or was rejected with, where that is a fault. */
async function faultOf(work: Promise<Fault | undefined>): Promise<Fault | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

/** After a crash nobody may be there who makes it, which shows only when its time is over. */
function problemIn(report: RotationReport | undefined): Fault | undefined {
  const making = report?.waits.find(({ reason }) => reason === 'key_being_made')
  if (report === undefined || making === undefined) return undefined
  return new Fault(
    'rotation_unavailable',
    `the key of issuer ${report.id} is being made by another run, or was when that ended: the place is free again after twenty minutes`,
  )
}

function notMade(log: Log, id: string, { code, message }: Fault): Outcome<never> {
  log('error', 'key_not_made', { issuer: id, code, problem: message })
  return refused(
    'key_not_made',
    `issuer ${id} is written, but its key could not be made (${code}): run "signet issuer update ${id} --reseal" to have it made`,
  )
}

/** Whoever makes keys finds nothing to do where it does not see the issuer. */
function unseen(id: string): Fault {
  return new Fault(
    'rotation_unavailable',
    `issuer ${id} has no key although its rotation is said to be done: give whoever makes keys the same documents`,
  )
}
