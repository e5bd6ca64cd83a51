/**
 * Adopting as a conditional write: which revision it is for, once or twice, at the same moment, and of which issuer.
 */

import { describe, expect, test } from 'vitest'
import {
  adopt,
  adoptedIn,
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
  etagAfter,
  publishedKids,
  revisionAfter,
} from '../../support/hosts/control-client.ts'
import { clusterKey, clusterKeys, jwkSet } from '../../support/hosts/cluster-keys.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { type ExpectedRefusal, leavingUnchanged, refusalProblems } from './refusals.ts'

export function describeAdoptedKeysConditions(getHost: () => TestHost): void {
  const keys = jwkSet(clusterKey('P-256'))

  test('is answered with the keys and the ETag of the revision, as reading them is', async () => {
    const { id } = await createIssuer(getHost())
    const response = await adopt(getHost(), id, { keys })
    const etag = etagAfter(getHost(), 1)
    expect(response).toMatchObject({
      status: 200,
      headers: { etag, 'cache-control': 'no-store', 'content-type': 'application/json' },
    })
    const read = await control(getHost(), 'GET', `/issuers/${id}/keys`)
    expect(read.body).toBe(response.body)
    expect(read.headers['etag']).toBe(etag)
  })

  test.each<[title: string, conditionOn: (etag: string) => string]>([
    ['the revision that was read', (etag) => etag],
    ['any revision', () => '*'],
  ])('is done on %s', async (_title, conditionOn) => {
    const ifMatch = conditionOn(etagAfter(getHost(), 0))
    const { id } = await createIssuer(getHost())
    const response = await adopt(getHost(), id, { keys, headers: { 'If-Match': ifMatch } })
    expect(response.status).toBe(200)
    expect(bodyOf(response)).toMatchObject({ id, revision: revisionAfter(getHost(), 1) })
  })

  /** How the answer for a new issuer differs from a refusal. */
  async function problems(ifMatch: string, refusal: ExpectedRefusal): Promise<string[]> {
    const { id } = await createIssuer(getHost())
    const response = await leavingUnchanged(getHost(), id, () =>
      adopt(getHost(), id, { keys, headers: { 'If-Match': ifMatch } }),
    )
    return refusalProblems(response, refusal)
  }

  test.each([
    ['that was', -1],
    ['to come', 1],
  ])('is refused for a revision %s', async (_title, distance) => {
    const [present, other] = [0, distance].map((changes) => revisionAfter(getHost(), changes))
    const says = `is at revision ${present}, the change was for revision ${other}`
    const refusal = { status: 412, error: 'revision_conflict', says }
    expect(await problems(`"${other}"`, refusal)).toStrictEqual([])
  })

  test.each([
    ['a weak ETag', 'W/"1"'],
    ['a revision without quotes', '1'],
    ['a list', '"1", "2"'],
    ['a text', '"x"'],
  ])('is refused for %s', async (_title, ifMatch) => {
    const says = 'If-Match must be the ETag'
    const refusal = { status: 400, error: 'invalid_request', says }
    expect(await problems(ifMatch, refusal)).toStrictEqual([])
  })

  describe('twice', () => {
    test('is once: nothing changes, not even the revision', async () => {
      const { id } = await createIssuer(getHost())
      const first = await adopt(getHost(), id, { keys })
      const second = await leavingUnchanged(getHost(), id, () => adopt(getHost(), id, { keys }))
      expect(second).toStrictEqual(first)
    })

    test('is once also as PEM, in another order, and with a key repeated', async () => {
      const { id } = await createIssuer(getHost())
      const [a, b] = [clusterKey('P-256'), clusterKey(2048)]
      const first = await adopt(getHost(), id, { keys: jwkSet(a, b) })
      for (const again of [jwkSet(b, a), jwkSet(a, b, a), `${b.pem}${a.pem}`]) {
        const response = await leavingUnchanged(getHost(), id, () =>
          adopt(getHost(), id, { keys: again }),
        )
        expect(response).toStrictEqual(first)
      }
    })

    test('is once also where a key was withdrawn by the first', async () => {
      const { id } = await createIssuer(getHost())
      await adopt(getHost(), id, { keys: jwkSet(...clusterKeys(2)) })
      const first = await adopt(getHost(), id, { keys })
      const second = await leavingUnchanged(getHost(), id, () => adopt(getHost(), id, { keys }))
      expect(second).toStrictEqual(first)
    })

    test('is refused the second time where it names the first revision', async () => {
      const { id } = await createIssuer(getHost())
      const headers = { 'If-Match': etagAfter(getHost(), 0) }
      expect((await adopt(getHost(), id, { keys, headers })).status).toBe(200)
      expect((await adopt(getHost(), id, { keys, headers })).status).toBe(412)
    })
  })

  /** Two sets at one moment: the answers, the kids of each set, and those that are then adopted. */
  async function raced(headers: Readonly<Record<string, string>>) {
    const { id } = await createPublishOnly(getHost())
    const sets = [clusterKeys(3).slice(0, 2), clusterKeys(5).slice(3)]
    const answers = await Promise.all(
      sets.map((set) => adopt(getHost(), id, { keys: jwkSet(...set), headers })),
    )
    const kids = sets.map((set) => set.map(({ jwk }) => jwk.kid))
    const adopted = adoptedIn(await control(getHost(), 'GET', `/issuers/${id}`))
    const present = adopted.filter(({ status }) => status === 'adopted').map(({ kid }) => kid)
    return { answers, kids, present, published: await publishedKids(getHost(), id) }
  }

  test('racing on one revision ends in one of the sets, and the loser is told', async () => {
    const { answers, kids, present, published } = await raced({ 'If-Match': '"1"' })
    const statuses = answers.map(({ status }) => status)
    expect(statuses.toSorted((a, b) => a - b)).toStrictEqual([200, 412])
    expect(present).toStrictEqual(kids[statuses.indexOf(200)])
    expect(published).toStrictEqual(present)
    const lost = answers.find(({ status }) => status === 412)
    expect(lost?.body).toMatch(/^\{"error":"revision_conflict"/)
  })

  test('racing on any revision ends in the set that came last', async () => {
    const { answers, kids, present, published } = await raced({})
    expect(kids).toContainEqual(present)
    // The second finds the first done, and withdraws its keys.
    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200])
    expect(published).toStrictEqual(expect.arrayContaining(present))
  })

  test('of an issuer that there is not is 404, of a deleted one 410', async () => {
    const { id } = await createIssuer(getHost())
    await control(getHost(), 'DELETE', `/issuers/${id}`)
    const gone = await adopt(getHost(), id, { keys })
    const deleted = { status: 410, error: 'issuer_deleted', says: `issuer ${id} was deleted` }
    expect(refusalProblems(gone, deleted)).toStrictEqual([])
    const none = await adopt(getHost(), 'nobody', { keys })
    const unknown = { status: 404, error: 'issuer_not_found', says: 'there is no issuer nobody' }
    expect(refusalProblems(none, unknown)).toStrictEqual([])
  })

  test('has no other method, and no other path below it', async () => {
    const { id } = await createIssuer(getHost())
    for (const method of ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
      const response = await control(getHost(), method, `/issuers/${id}/adopted-keys`)
      expect(response.status, `of ${method}`).toBe(405)
      expect(response.headers['allow']).toBe('PUT')
    }
    for (const path of ['adopted-keys/', 'adopted-keys/x', 'adoptedKeys']) {
      expect((await control(getHost(), 'PUT', `/issuers/${id}/${path}`)).status).toBe(404)
    }
  })

  test('is recorded by issuer and revision', async () => {
    const { id } = await createIssuer(getHost())
    await adopt(getHost(), id, { keys })
    const revision = revisionAfter(getHost(), 1)
    const records = () =>
      getHost()
        .logLines()
        .filter((line) => line.includes(`"issuer":"${id}"`) && line.includes('"action":"adopt"'))
        .map((line) => JSON.parse(line) as unknown)
    await expect
      .poll(records)
      .toMatchObject([{ event: 'control_action', outcome: 'done', revision }])
  })
}
