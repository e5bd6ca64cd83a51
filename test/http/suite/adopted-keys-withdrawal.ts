/**
 * Keys that are no longer in their cluster's set: published for the retention that was said, and not longer.
 */

import { expect, test } from 'vitest'
import {
  adopt,
  adoptedIn,
  bodyOf,
  createIssuer,
  createPublishOnly,
  publishedKids,
} from '../../support/hosts/control-client.ts'
import { clusterKey, clusterKeys, jwkSet } from '../../support/hosts/cluster-keys.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'

const DAY = 86_400

export function describeAdoptedKeysWithdrawal(getHost: () => TestHost): void {
  const [first, second] = clusterKeys(2) as [
    ReturnType<typeof clusterKey>,
    ReturnType<typeof clusterKey>,
  ]
  const [old, current] = [first.jwk.kid, second.jwk.kid]

  /** The first key was adopted, then the second instead of it. */
  async function exchanged(query: string) {
    const { id } = await createPublishOnly(getHost())
    await adopt(getHost(), id, { keys: jwkSet(first) })
    const response = await adopt(getHost(), id, { keys: jwkSet(second), query })
    expect(response.status, `answered ${response.body}`).toBe(200)
    return { id, adopted: adoptedIn(response) }
  }

  test.each([
    ['a day by default', '', DAY],
    ['as long as is asked for', '?retentionSeconds=3600', 3600],
    ['a year at most', '?retentionSeconds=31536000', 31_536_000],
  ])('stay published: %s', async (_title, query, seconds) => {
    const { id, adopted } = await exchanged(query)
    expect(adopted).toMatchObject([
      { kid: old, status: 'withdrawn' },
      { kid: current, status: 'adopted' },
    ])
    const { at = 0, publishedUntil } = adopted[0]?.withdrawal ?? {}
    expect(publishedUntil).toBe(at + seconds)
    expect(adopted[1]).not.toHaveProperty('withdrawal')
    expect(await publishedKids(getHost(), id)).toStrictEqual([old, current])
    const health = await getHost().request('GET', `/${id}/healthz`)
    expect(bodyOf(health)).toMatchObject({
      status: 'ok',
      adoptedKeys: { adopted: 1, withdrawn: 1 },
      nextMoment: { at: publishedUntil, what: 'retirement' },
    })
  })

  test('are dropped with a retention of nothing', async () => {
    const { id, adopted } = await exchanged('?retentionSeconds=0')
    expect(adopted).toMatchObject([{ kid: current, status: 'adopted' }])
    expect(await publishedKids(getHost(), id)).toStrictEqual([current])
  })

  test('are dropped later by the same set and a retention of nothing', async () => {
    const { id } = await exchanged('')
    const query = '?retentionSeconds=0'
    const response = await adopt(getHost(), id, { keys: jwkSet(second), query })
    expect(adoptedIn(response)).toMatchObject([{ kid: current }])
    expect(await publishedKids(getHost(), id)).toStrictEqual([current])
  })

  test('leave earlier when told, never later', async () => {
    const { id, adopted } = await exchanged('?retentionSeconds=7200')
    const until = async (retentionSeconds: number) => {
      const query = `?retentionSeconds=${retentionSeconds}`
      const response = await adopt(getHost(), id, { keys: jwkSet(second), query })
      return adoptedIn(response)[0]?.withdrawal?.publishedUntil ?? 0
    }
    const { publishedUntil = 0 } = adopted[0]?.withdrawal ?? {}
    expect(await until(10 * DAY)).toBe(publishedUntil)
    expect(await until(600)).toBeLessThanOrEqual(publishedUntil - 6500)
  })

  test('leave as decided where a later adoption says nothing of it', async () => {
    const { id, adopted } = await exchanged(`?retentionSeconds=${7 * DAY}`)
    const again = await adopt(getHost(), id, { keys: jwkSet(second) })
    expect(adoptedIn(again)).toStrictEqual(adopted)
  })

  test('are adopted again by a set that has them', async () => {
    const { id } = await exchanged('')
    const response = await adopt(getHost(), id, { keys: jwkSet(first, second) })
    const adopted = adoptedIn(response)
    expect(adopted).toMatchObject([
      { kid: old, status: 'adopted' },
      { kid: current, status: 'adopted' },
    ])
    expect(adopted[0]).not.toHaveProperty('withdrawal')
  })

  test('may come back after they were dropped, and leave their kid to others until then', async () => {
    const { id } = await exchanged('?retentionSeconds=0')
    const other = { ...clusterKey('P-384').jwk, kid: old }
    const keys = { keys: [second.jwk, other] }
    expect((await adopt(getHost(), id, { keys })).status).toBe(200)
    expect((await adopt(getHost(), id, { keys: jwkSet(first, second) })).status).toBe(400)
    const query = '?retentionSeconds=0'
    expect((await adopt(getHost(), id, { keys: jwkSet(second), query })).status).toBe(200)
    expect((await adopt(getHost(), id, { keys: jwkSet(first, second) })).status).toBe(200)
    expect(await publishedKids(getHost(), id)).toStrictEqual([current, old])
  })

  test('leave the issuer’s own keys alone', async () => {
    const { id } = await createIssuer(getHost())
    const own = await publishedKids(getHost(), id)
    await adopt(getHost(), id, { keys: jwkSet(first) })
    const query = '?retentionSeconds=0'
    await adopt(getHost(), id, { keys: { keys: [] }, query })
    expect(await publishedKids(getHost(), id)).toStrictEqual(own)
  })
}
