/**
 * What a CDN before a host answers in its place, for cases that say what the host would.
 */

import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'

export function isBehindCdn({ traits }: TestHost): boolean {
  return traits.standsBefore === 'cdn'
}

/** Whether the host was not asked: a CDN takes no method that a resource has not, and no host that it was not told of. */
export function isRefusedByCdn(host: TestHost, { status, headers }: TestResponse): boolean {
  return isBehindCdn(host) && status === 403 && headers['content-type'] === 'text/html'
}

/** Whether foreign hosts have the installation's issuers, as on this machine, or none. */
export function servesForeignHosts({ traits }: TestHost): boolean {
  return traits.foreignHosts === 'own issuers'
}
