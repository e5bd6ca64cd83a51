/**
 * Signet on Node: the same hono app, one RS256 issuer in memory.
 */

import { hostWithOneIssuer, pathOf } from '../signet-seed.ts'
import { listenWithHono } from './listen.ts'

const host = await hostWithOneIssuer('bench')
listenWithHono((request) => host.fetch(request), {
  discovery: pathOf('bench', 'discovery'),
  'JWK Set': pathOf('bench', 'JWK Set'),
})
