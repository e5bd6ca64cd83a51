/**
 * How often one source may ask for tokens, counted by Cloudflare: the limit itself stands in `wrangler.toml`.
 *
 * It is counted at each of Cloudflare's places by itself and is no exact number: it keeps one source from taking all the
 * CPU, and decides nothing about trust.
 */

import { errorName } from '../../errors.ts'
import type { SourceLimit } from '../../exchange/source-limit.ts'
import type { Log } from '../../log.ts'

/** The call that is used of the binding. */
export interface RateLimitBinding {
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>
}

/** Cloudflare says who asks, and lets nobody else say so. */
const SOURCE_HEADER = 'CF-Connecting-IP'

/** Nobody comes to Cloudflare from there: the Worker runs on this machine. */
const OWN_ADDRESSES: readonly string[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** Of the eight groups of an IPv6 address: whoever has one address has the whole network. */
const NETWORK_GROUPS = 4

export function workerRateLimit(binding: RateLimitBinding, log: Log): SourceLimit {
  return {
    admits: async (request) => {
      const address = request.headers.get(SOURCE_HEADER)
      if (address === null || OWN_ADDRESSES.includes(address)) return true
      try {
        return (await binding.limit({ key: sourceOf(address) })).success
      } catch (error) {
        log('warn', 'rate_limit_failed', { cause: errorName(error) })
        return true
      }
    },
  }
}

/** An IPv4 address as it is, and of an IPv6 address its /64 network. */
function sourceOf(address: string): string {
  // In its normal form, so that one network is one source.
  const host = URL.parse(`http://[${address}]`)?.hostname
  if (host === undefined) return address
  const [head = '', tail = ''] = host.slice(1, -1).split('::')
  const [before, after] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':')
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':')
}
