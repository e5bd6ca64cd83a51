/**
 * Where nothing goes wrong.
 */

import type { Host, Look } from './history.ts'

export const CALM_LOOK: Look = {
  cached: 0,
  stale: 0,
  isLastGood: false,
  edgeSkew: 0,
  tampering: 'none',
}

export const CALM_HOST: Host = { skew: 0, weather: [] }
