/**
 * Every page of a list of the control API. Bounded, since a host may list without end.
 */

import type * as z from 'zod/mini'
import { CliError, EXIT } from '../exit.ts'
import type { ControlCall } from './control-transport.ts'

/** Far over what an installation has. Pages are counted too, since one may be empty. */
const ISSUERS_MAX = 100_000
const PAGES_MAX = 10_000

/** Rejects with a `CliError` where the pages do not end. */
export async function listPages<T>(
  call: ControlCall,
  filter: Readonly<Record<string, string>>,
  answer: z.ZodMiniType<{ readonly issuers: T[]; readonly next: string | null }>,
): Promise<T[]> {
  const issuers: T[] = []
  let after = ''
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const query = new URLSearchParams({ ...filter, ...(after === '' ? {} : { after }) })
    const path = query.size === 0 ? '/issuers' : `/issuers?${query.toString()}`
    const { issuers: listed, next } = await call({ method: 'GET', path, answer })
    issuers.push(...listed)
    if (next === null) return issuers
    if (next <= after || issuers.length > ISSUERS_MAX) break
    after = next
  }
  throw new CliError(EXIT.refused, 'the list of issuers does not end')
}
