/**
 * A CDN before the public documents that knows no `s-maxage`: hands out its copy for as long as `max-age` allows, and says
 * nothing of its age.
 */

import type { RingClock } from './controlled-time.ts'

export interface CachingProxy {
  answer(request: Request): Promise<Response>
  /** As a CDN may do at any time. */
  forget(): void
}

interface Copy {
  readonly response: Response
  readonly until: number
}

export function cachingProxy(
  origin: (request: Request) => Promise<Response>,
  clock: RingClock,
): CachingProxy {
  const copies = new Map<string, Copy>()
  return {
    forget: () => copies.clear(),
    answer: async (request) => {
      const { url, method } = request
      const copy = copies.get(url)
      if (copy !== undefined && clock.seconds < copy.until) return copy.response.clone()
      const response = await origin(request)
      const maxAge = maxAgeOf(response)
      if (method === 'GET' && response.status === 200 && maxAge > 0) {
        copies.set(url, { response: response.clone(), until: clock.seconds + maxAge })
      }
      return response
    },
  }
}

/** Seconds that the answer may be kept; 0 where it says nothing of them. */
export function maxAgeOf({ headers }: Response): number {
  const [, seconds = '0'] = /(?:^|,\s*)max-age=(\d+)/.exec(headers.get('Cache-Control') ?? '') ?? []
  return Number(seconds)
}
