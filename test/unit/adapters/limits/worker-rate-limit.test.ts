import { describe, expect, test } from 'vitest'
import { workerRateLimit } from '../../../../src/adapters/limits/worker-rate-limit.ts'
import type { LogFields } from '../../../../src/log.ts'

function from(address: string | undefined): Request {
  const headers = address === undefined ? {} : { 'CF-Connecting-IP': address }
  return new Request('https://oidc.acme.dev/prod/token', { method: 'POST', headers })
}

/** Each key may ask once. */
function limitOfOne() {
  const keys: string[] = []
  const limit = workerRateLimit(
    {
      limit: async ({ key }) => {
        keys.push(key)
        return { success: keys.indexOf(key) === keys.length - 1 }
      },
    },
    () => {},
  )
  return { admits: (address: string | undefined) => limit.admits(from(address)), keys }
}

describe('the limit of a source', () => {
  test('is that of its address', async () => {
    const { admits } = limitOfOne()
    const addresses = ['192.0.2.1', '192.0.2.1', '192.0.2.2']
    const admitted: boolean[] = []
    for (const address of addresses) admitted.push(await admits(address))
    expect(admitted).toEqual([true, false, true])
  })

  test.each<[title: string, address: string, key: string]>([
    ['an IPv4 address', '192.0.2.1', '192.0.2.1'],
    ['the network of an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['the network of another one in it', '2001:db8:1:2::9', '2001:db8:1:2'],
    ['a network that is spelled otherwise', '2001:0DB8:0001:0002::1', '2001:db8:1:2'],
    ['a network with zeros in it', '2001:db8::1', '2001:db8:0:0'],
    ['a network with zeros behind it', '2001:db8:1::', '2001:db8:1:0'],
    ['an address that begins with zeros', '::2', '0:0:0:0'],
    ['an address with IPv4 in it', '::ffff:192.0.2.1', '0:0:0:0'],
    ['what is no address', 'unknown', 'unknown'],
  ])('counts for %s', async (_title, address, key) => {
    const { admits, keys } = limitOfOne()
    await admits(address)
    expect(keys).toEqual([key])
  })

  test.each<[title: string, address: string | undefined]>([
    ['no address', undefined],
    ['this machine', '127.0.0.1'],
    ['this machine over IPv6', '::1'],
  ])('is none for %s', async (_title, address) => {
    const { admits, keys } = limitOfOne()
    expect([await admits(address), await admits(address)]).toEqual([true, true])
    expect(keys).toEqual([])
  })

  test('that does not answer lets through, and says so without the address', async () => {
    const records: [event: string, fields: LogFields | undefined][] = []
    const limit = workerRateLimit(
      { limit: () => Promise.reject(new RangeError('marked 192.0.2.1')) },
      (_level, event, fields) => records.push([event, fields]),
    )
    expect(await limit.admits(from('192.0.2.1'))).toBe(true)
    expect(records).toEqual([['rate_limit_failed', { cause: 'RangeError' }]])
  })
})
