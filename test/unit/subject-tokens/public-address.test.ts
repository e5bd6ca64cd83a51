import { describe, expect, test } from 'vitest'
import { addressProblem, isPublicAddress } from '../../../src/subject-tokens/public-address.ts'

/** First and last of each range, and what lies right before and behind it. */
const RANGES = [
  ['0.0.0.0', '0.255.255.255', undefined, '1.0.0.0'],
  ['10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0', '239.255.255.255', '223.255.255.255', undefined],
  ['240.0.0.0', '255.255.255.255', undefined, undefined],
  ['::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined, '2000::'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2000:ffff::1', '2001:200::'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db7:ffff::', '2001:db9::'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3ffe:ffff::', '3fff:1000::'],
  ['4000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:ffff::', undefined],
] as const

describe.each(RANGES)('of %s to %s', (first, last, before, behind) => {
  test('no address is public', () => {
    expect([first, last].map(isPublicAddress)).toEqual([false, false])
  })

  test('those right outside are', () => {
    const outside = [before, behind].filter((ip) => ip !== undefined)
    expect(outside.filter((ip) => !isPublicAddress(ip))).toEqual([])
  })
})

test.each([
  ['::1'],
  ['fc00::1'],
  ['fdff:ffff::1'],
  ['fe80::1'],
  ['fe80::1%eth0'],
  ['2606:4700::1%eth0'],
  ['fec0::1'],
  ['ff02::1'],
  ['::ffff:10.0.0.1'],
  ['::ffff:a00:1'],
  ['::FFFF:169.254.169.254'],
  ['::10.0.0.1'],
  ['::8.8.8.8'],
  ['64:ff9b::10.0.0.1'],
  ['64:ff9b::a9fe:a9fe'],
  ['64:ff9b:1::8.8.8.8'],
  ['2002:a00:1::'],
  ['2002:7f00:1::1'],
  ['2130706433'],
  ['0x7f.1'],
  ['localhost'],
  ['oidc.example.com'],
  ['8.8.8.8/24'],
  ['8.8.8.8:443'],
  ['8.8.8.256'],
  ['1:2:3'],
  [''],
])('%j is no public address', (ip) => {
  expect(isPublicAddress(ip)).toBe(false)
})

test.each([
  ['8.8.8.8'],
  ['2606:4700::1111'],
  ['2A00:1450:4001:813:0:0:0:200e'],
  ['::ffff:8.8.8.8'],
  ['64:ff9b::808:808'],
  ['2002:808:808::1'],
])('%j is a public address', (ip) => {
  expect(isPublicAddress(ip)).toBe(true)
})

/** Spellings of loopback addresses, and names of this machine. */
const LOOPBACK = [
  ['http://127.0.0.1:8080', '127.0.0.1'],
  ['https://127.1.2.3', '127.1.2.3'],
  ['https://127.0.0.1.', '127.0.0.1'],
  ['https://2130706433', '127.0.0.1'],
  ['https://0x7f.1', '127.0.0.1'],
  ['https://0177.0.0.1', '127.0.0.1'],
  ['https://１２７.0.0.1', '127.0.0.1'],
  ['https://[::1]:8443', '[::1]'],
  ['https://[0:0:0:0:0:0:0:1]', '[::1]'],
  ['http://localhost:8080', 'localhost'],
  ['https://LOCALHOST', 'localhost'],
  ['https://localhost.', 'localhost.'],
  ['https://issuer.localhost', 'issuer.localhost'],
  ['https://a.b.localhost.', 'a.b.localhost.'],
]

describe.each(LOOPBACK)('of %s', (url, hostname) => {
  test('the host is refused', () => {
    expect(addressProblem(new URL(url), false)).toBe(
      `has the host ${hostname}, which is private, local or reserved: keys are fetched from public hosts alone`,
    )
  })

  test('the host is not refused in development', () => {
    expect(addressProblem(new URL(url), true)).toBeUndefined()
  })
})

describe.each([[false], [true]])('whether or not loopback is allowed (%s)', (allowLoopback) => {
  test.each([
    ['https://10.0.0.1'],
    ['https://167772161'],
    ['https://0xA9FEA9FE'],
    ['https://169.254.169.254:80'],
    ['https://0'],
    ['https://[::]'],
    ['https://[fd00:ec2::254]'],
    ['https://[fe80::1]'],
    ['https://[::ffff:127.0.0.1]'],
    ['https://[::ffff:10.0.0.1]'],
    ['https://[64:ff9b::127.0.0.1]'],
  ])('the host of %s is refused', (url) => {
    expect(addressProblem(new URL(url), allowLoopback)).toContain('private, local or reserved')
  })

  test.each([
    ['https://oidc.example.com'],
    ['https://oidc.example.com.'],
    ['https://8.8.8.8:8443'],
    ['https://[2606:4700::1111]'],
    ['https://localhost.example.com'],
    ['https://notlocalhost'],
    ['https://127.0.0.1.example.com'],
    ['https://10.example.com'],
  ])('the host of %s is not', (url) => {
    expect(addressProblem(new URL(url), allowLoopback)).toBeUndefined()
  })
})
