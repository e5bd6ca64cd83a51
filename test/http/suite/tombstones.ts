/**
 * Deleted issuers: remembered for ever, listed on their own, gone for everybody else.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import {
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
  newIssuerId,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { servesForeignHosts } from './before-host.ts'
import { refusalProblems } from './refusals.ts'

interface Page {
  readonly issuers: readonly { readonly id: string }[]
  readonly next: string | null
}

export function describeTombstones(getHost: () => TestHost): void {
  async function listed(query: string): Promise<Page['issuers']> {
    const all: Page['issuers'][number][] = []
    for (let after: string | null = ''; after !== null;) {
      const from: string = after === '' ? '' : `&after=${after}`
      const response = await control(getHost(), 'GET', `/issuers?${query}${from}`)
      expect(response.status, `answered ${response.body}`).toBe(200)
      const page: Page = bodyOf<Page>(response)
      all.push(...page.issuers)
      after = page.next
    }
    return all
  }

  describe('deleted issuers', () => {
    const own = `https://${newIssuerId()}.example/id/1`
    let live = ''
    let plain = ''
    let moved = ''

    beforeAll(async () => {
      const host = getHost()
      live = (await createIssuer(host)).id
      plain = (await createIssuer(host)).id
      moved = (await createPublishOnly(host, own)).id
      await control(host, 'DELETE', `/issuers/${plain}`)
      const json = { reason: 'the cluster is gone' }
      await control(host, 'DELETE', `/issuers/${moved}`, { json })
    })

    test('are listed with their URL, when and why', async () => {
      const tombstones = await listed('deleted=true')
      const deletedAt: unknown = expect.any(Number)
      expect(tombstones).toContainEqual({
        id: moved,
        issuer: own,
        deletedAt,
        reason: 'the cluster is gone',
      })
      const issuer = `${getHost().baseUrl}/${plain}`
      expect(tombstones).toContainEqual({ id: plain, issuer, deletedAt })
      expect(tombstones.map(({ id }) => id)).not.toContain(live)
    })

    test.each(['', 'deleted=false'])('are not in the list of issuers (%j)', async (query) => {
      const ids = (await listed(query)).map(({ id }) => id)
      expect(ids).toContain(live)
      expect(ids).not.toContain(plain)
      expect(ids).not.toContain(moved)
    })

    test.each([
      ['deleted=', 'got ""'],
      ['deleted=1', 'got "1"'],
      ['deleted=TRUE', 'got "TRUE"'],
      ['deleted=true%20', 'got "true "'],
    ])('are not asked for by %s', async (query, says) => {
      const response = await control(getHost(), 'GET', `/issuers?${query}`)
      const sentence = `deleted must be true or false, ${says}`
      const refusal = { status: 400, error: 'invalid_request', says: sentence }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })

    test('answer 410 wherever their documents were, in a short body', async () => {
      const { host, pathname } = new URL(own)
      const places: [path: string, headers: Readonly<Record<string, string>>][] = [
        [pathname, { Host: host }],
        [`/${plain}`, {}],
        ...(servesForeignHosts(getHost())
          ? [[`/${plain}`, { Host: 'behind-a-proxy.example' }] as [string, Record<string, string>]]
          : []),
      ]
      for (const [path, headers] of places) {
        for (const raw of [
          `${path}/.well-known/openid-configuration`,
          `/.well-known/oauth-authorization-server${path}`,
          `${path}/.well-known/jwks.json`,
          `${path}/healthz`,
        ]) {
          const response = await getHost().request('GET', raw, { headers })
          expect(response.status, `of ${raw}`).toBe(410)
          expect(response.headers['cache-control']).toBe('no-store')
          expect(response.body.length).toBeLessThan(150)
          expect(response.body).not.toContain('the cluster is gone')
        }
      }
    })

    test('leave their id to nobody, with any URL', async () => {
      for (const issuer of [undefined, `https://${newIssuerId()}.example`]) {
        const json = { id: moved, ...(issuer === undefined ? {} : { issuer }) }
        const response = await control(getHost(), 'POST', '/issuers', { json })
        const says = `issuer ${moved} was deleted, and its id is never given again`
        const refusal = { status: 410, error: 'issuer_deleted', says }
        expect(refusalProblems(response, refusal)).toStrictEqual([])
      }
    })
  })
}
