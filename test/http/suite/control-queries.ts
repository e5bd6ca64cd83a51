/**
 * Queries and conditions where the control API takes none: a request that could mean something else changes nothing.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { control, createIssuer, newIssuerId } from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { leavingUnchanged, refusalProblems } from './refusals.ts'

/** Each with a body that it takes; `{id}`: an issuer. */
const CHANGES: [method: string, path: string, json: object | undefined][] = [
  ['POST', '/issuers', { id: newIssuerId(), policy: { algorithm: 'ES256' } }],
  ['PATCH', '/issuers/{id}', { policy: { jwksMaxAgeSeconds: 120 } }],
  ['DELETE', '/issuers/{id}', undefined],
  ['DELETE', '/issuers/{id}', { reason: 'it is over' }],
  ['POST', '/issuers/{id}/tokens', { subject: 's', audience: 'a' }],
  ['POST', '/issuers/{id}/rotate', undefined],
  ['POST', '/issuers/{id}/rotate', { dryRun: false }],
  ['POST', '/issuers/{id}/sweep', undefined],
  ['POST', '/issuers/{id}/sweep', { windowDays: 7 }],
]

export function describeControlQueries(getHost: () => TestHost): void {
  let shared = ''

  beforeAll(async () => {
    shared = (await createIssuer(getHost())).id
  })

  /** How the answer differs from a refusal that says this. */
  async function problems(
    [method, path, json]: (typeof CHANGES)[number],
    query: string,
    says: string,
  ): Promise<string[]> {
    const init = json === undefined ? {} : { json }
    const response = await leavingUnchanged(getHost(), shared, () =>
      control(getHost(), method, `${path.replace('{id}', shared)}?${query}`, init),
    )
    return refusalProblems(response, { status: 400, error: 'invalid_request', says })
  }

  describe.each(CHANGES)('%s %s of %j', (...change) => {
    test.each([
      ['a dry run', 'dryRun=true', 'dryRun'],
      ['a dry run without a value', 'dryRun', 'dryRun'],
      ['a member of another body', 'reason=x', 'reason'],
      ['several', 'a=1&dryRun=true', 'a'],
      ['a name without a letter', '=x', ''],
      ['the prototype', '__proto__=x', '__proto__'],
    ])('refuses a query that has %s', async (_title, query, name) => {
      const says = `unknown query parameter "${name}": there are none here, so put what you ask for in the JSON body`
      expect(await problems(change, query, says)).toStrictEqual([])
    })
  })

  test('a creation that is refused for its query creates nothing', async () => {
    const json = { id: newIssuerId(), policy: { algorithm: 'ES256' } }
    const refused = await control(getHost(), 'POST', '/issuers?dryRun=true', { json })
    expect(refused.status).toBe(400)
    expect((await control(getHost(), 'GET', `/issuers/${json.id}`)).status).toBe(404)
  })

  test('a question mark alone is no query', async () => {
    const { id } = await createIssuer(getHost())
    expect((await control(getHost(), 'POST', `/issuers/${id}/rotate?`)).status).toBe(200)
  })

  test.each(['dryRun', '__proto__'])('an adoption knows its own, and refuses %s', async (name) => {
    const says = `unknown query parameter "${name}": known are kid, retentionSeconds`
    const adoption: (typeof CHANGES)[number] = ['PUT', '/issuers/{id}/adopted-keys', { keys: [] }]
    expect(await problems(adoption, `retentionSeconds=0&${name}=true`, says)).toStrictEqual([])
  })

  describe.each(['rotate', 'sweep'])('If-Match of %s', (work) => {
    test.each<[title: string, ifMatch: string, json: object | undefined]>([
      ['the revision', '"1"', undefined],
      ['another revision', '"99"', { dryRun: true }],
      ['any revision', '*', {}],
      ['no ETag', 'x', undefined],
    ])('is refused, where it is %s', async (_title, ifMatch, json) => {
      const response = await leavingUnchanged(getHost(), shared, () =>
        control(getHost(), 'POST', `/issuers/${shared}/${work}`, {
          headers: { 'If-Match': ifMatch },
          ...(json === undefined ? {} : { json }),
        }),
      )
      const says =
        'If-Match must be left out, got one: rotations and sweeps decide on the issuer as it is, at any revision'
      const refusal = { status: 400, error: 'invalid_request', says }
      expect(refusalProblems(response, refusal)).toStrictEqual([])
    })
  })
}
