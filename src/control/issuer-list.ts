/**
 * Listing issuers, a page at a time: those that there are, or the tombstones of those that were.
 */

import type { Context } from 'hono'
import { isIssuerId } from '../issuers/issuer-id.ts'
import type { IssuerRepository } from '../issuers/issuer-repository.ts'
import { LIST_PAGE_ISSUERS_MAX } from '../limits.ts'
import { shown } from '../printable.ts'
import { reply, replyRefused } from './replies.ts'
import { issuerListEntries } from './views.ts'

/** A page may hold fewer entries than keys were read, or none: `next` says whether there is more. */
export async function replyIssuerList(c: Context, issuers: IssuerRepository): Promise<Response> {
  const { after, deleted = 'false' } = c.req.query()
  const problem = afterProblem(after) ?? deletedProblem(deleted)
  if (problem !== undefined) {
    return replyRefused(c, { reason: 'invalid_request', message: problem })
  }
  const page = await issuers.list({ after, limit: LIST_PAGE_ISSUERS_MAX })
  const entries = issuerListEntries(page.issuers, deleted === 'true' ? 'tombstone' : 'issuer')
  return reply(c, 200, { issuers: entries, next: page.next ?? null })
}

function afterProblem(after: string | undefined): string | undefined {
  if (after === undefined || isIssuerId(after)) return undefined
  return 'after must be the id of an issuer, got something else: use the `next` of a page'
}

function deletedProblem(deleted: string): string | undefined {
  if (deleted === 'true' || deleted === 'false') return undefined
  return `deleted must be true or false, got ${shown(deleted)}`
}
