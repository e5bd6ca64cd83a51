import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ALARMS, METRICS_OF_ALARMS, type Use } from '../../infra/costs/assumptions.ts'
import { awsCost } from '../../infra/costs/aws-cost.ts'
import { cloudflareCost } from '../../infra/costs/cloudflare-cost.ts'
import {
  type HostKind,
  hostCost,
  issuersWithin,
  type Keys,
  PROCESSES,
} from '../../infra/costs/cost-of-host.ts'
import { costTables, freeWorth } from '../../infra/costs/cost-tables.ts'
import { type KeysInKms, kmsCost } from '../../infra/costs/kms-cost.ts'
import { costOf, type Price, worthOfFree } from '../../infra/costs/price.ts'
import { AWS, CLOUDFLARE, KMS } from '../../infra/costs/prices.ts'
import { withTables } from '../../infra/costs/written-tables.ts'
import { LOG_METRICS } from '../../infra/issuer-host/log-metrics.ts'
import { alarmNames } from './alarm-names.ts'

const MILLION = 1_000_000
const DOCUMENT = new URL('../../docs/costs.md', import.meta.url)

describe('docs/costs.md', () => {
  test('has the tables that the code makes', async () => {
    const text = await readFile(DOCUMENT, 'utf8')
    expect(text, 'run node infra/costs/main.ts --write').toBe(withTables(text, costTables()))
  })

  test('and in its sentences what the code says', async () => {
    const text = await readFile(DOCUMENT, 'utf8')
    expect(text).toContain(`AWS costs up to ${freeWorth()} more`)
    const use = { issuers: 1, exchanges: 100 * MILLION, documents: 25_920 }
    const waiting = awsCost({ ...use, isSignedByKms: true }).lambda
    const atOnce = awsCost({ ...use, isSignedByKms: false }).lambda
    expect(text).toContain(`adds some $${Math.round(waiting - atOnce)} for 100 M`)
  })
})

test('the README has the same figures in short', async () => {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const use = millions(100, 1)
  const keys = { algorithm: 'RS256', keysPerIssuer: 2 } as const
  const [kms, wrapped, sealed] = [
    hostCost('aws', { ...keys, custody: 'kms' }, use),
    hostCost('aws', { ...keys, custody: 'kms-wrapped' }, use),
    hostCost('cloudflare', { custody: 'sealed' }, use),
  ].map((usd) => `$${Math.round(usd)}`)
  expect(text).toContain(
    `100 issuers and 1 M tokens a month | ${wrapped} with wrapped keys, ${kms} with keys in KMS | ${sealed}, with sealed keys |`,
  )
})

describe('a price', () => {
  const TIERED: Price = {
    of: 'things',
    per: 10,
    tiers: [
      { upTo: 100, usd: 2 },
      { upTo: 300, usd: 1 },
      { upTo: Infinity, usd: 0.5 },
    ],
    free: 20,
    source: 'https://prices.example',
    evidence: 'official',
  }

  test.each([
    [0, 0],
    [20, 0],
    [30, 2],
    [120, 20],
    [130, 21],
    [320, 40],
    [420, 45],
  ])('of %i things: what is free, and then one tier after the other', (amount, usd) => {
    expect(costOf(TIERED, amount)).toBeCloseTo(usd, 9)
  })

  test('what is free is worth what it would cost', () => {
    expect(worthOfFree([TIERED, { ...TIERED, free: 120 }])).toBeCloseTo(4 + 22, 9)
  })

  const all = [KMS, AWS, CLOUDFLARE].flatMap((prices) => Object.entries<Price>(prices))
  test.each(all)('%s says where it is from, and has no gap', (_, { source, tiers, per }) => {
    expect(URL.parse(source)?.protocol).toBe('https:')
    expect(tiers.at(-1)?.upTo).toBe(Infinity)
    expect(tiers.every(({ usd }) => usd > 0)).toBe(true)
    expect(per).toBeGreaterThan(0)
  })
})

function millions(issuers: number, amount: number): Use {
  return { issuers, exchanges: amount * MILLION }
}

describe('AWS KMS', () => {
  const kms: KeysInKms = { custody: 'kms', algorithm: 'RS256', keysPerIssuer: 2 }
  const wrapped: KeysInKms = { ...kms, custody: 'kms-wrapped' }

  test.each<[string, KeysInKms, Use, number]>([
    ['two keys, and a signature for each token', kms, millions(1, 1), 2 + 3],
    ['three keys', { ...kms, keysPerIssuer: 3 }, millions(100, 100), 300 + 300],
    ['ES256: five times as much', { ...kms, algorithm: 'ES256' }, millions(1, 1), 2 + 15],
    ['wrapped: one key for all, a third of a pair each', wrapped, millions(1, 1), 1 + 0.0004],
    ['and the first of each process', wrapped, millions(100, 100), 1 + 100 * 0.0004 + 0.156],
    ['of too many issuers most', wrapped, millions(10_000, 1), 1 + 4 + 0.98 * 3],
  ])('%s', (_, keys, use, usd) => {
    expect(kmsCost(keys, use, PROCESSES.aws)).toBeCloseTo(usd, 3)
  })

  test('custody kms-wrapped is the cheaper one from the first issuer on', () => {
    const use = { issuers: 1, exchanges: 0 }
    expect(kmsCost(wrapped, use, PROCESSES.aws)).toBeLessThan(kmsCost(kms, use, PROCESSES.aws))
  })

  test('how many issuers fit into a difference', () => {
    const keys = { algorithm: 'RS256', keysPerIssuer: 2 } as const
    const issuers = issuersWithin(100, keys, MILLION)
    const difference = (count: number): number => {
      const use = { issuers: count, exchanges: MILLION }
      return (
        hostCost('aws', { ...keys, custody: 'kms' }, use) -
        hostCost('aws', { ...keys, custody: 'kms-wrapped' }, use)
      )
    }
    expect(difference(issuers)).toBeLessThanOrEqual(100)
    expect(difference(issuers + 1)).toBeGreaterThan(100)
  })
})

describe('the rest', () => {
  test('on AWS, part by part', () => {
    const use = { issuers: 100, exchanges: 10 * MILLION, documents: 2 * MILLION }
    const cost = awsCost({ ...use, isSignedByKms: true })
    // 156,000 ms × 1.7276 GB of http, and 2,880 runs of 1.5 s with 1 GB, are less than what is free.
    expect(cost.lambda).toBeCloseTo((12_002_880 - MILLION) * 0.2e-6, 6)
    expect(cost.httpApi).toBeCloseTo(12, 9)
    expect(cost.cloudFront).toBeCloseTo(2 + 1, 9)
    // 2 M documents, 2 × 10 M for exchanges, 2 × 100 for each of 2,880 runs; a list each run, 500 writes.
    expect(cost.s3).toBeCloseTo(22.576 * 0.4 + 3.38 * 0.005, 6)
    expect(cost.logs).toBeCloseTo((20 + 1 - 5) * 0.5, 9)
    expect(cost.metrics).toBeCloseTo(202 * 0.3 + 7 * 0.1, 9)
  })

  test('on Cloudflare, part by part', () => {
    const use = { issuers: 100, exchanges: 100 * MILLION, documents: 50 * MILLION }
    const cost = cloudflareCost({ ...use, isSignedByKms: false })
    expect(cost.plan).toBe(5)
    expect(cost.requests).toBeCloseTo(140.002_88 * 0.3, 6)
    expect(cost.cpu).toBeCloseTo((400 + 25 + 0.288 - 30) * 0.02, 6)
    expect(cost.durableObjects).toBeCloseTo((200 + 0.290_88 + 0.0005 - 1) * 0.15, 6)
    expect(cost.kv).toBeCloseTo((50 - 10) * 0.5, 6)
    expect(cost.logs).toBeCloseTo(80.002_88 * 0.6, 6)
  })

  test('a metric is paid for by the hours in which it has values', () => {
    const seldom = { issuers: 10_000, exchanges: 720_000, documents: 0, isSignedByKms: false }
    // 72 of 720 hours.
    expect(awsCost(seldom).metrics).toBeCloseTo((20_000 * 0.1 + 2) * 0.3 + 0.7, 6)
  })

  test('who publishes only issues nothing, and is asked for documents all the time', () => {
    const [idle, busy] = [0, MILLION].map((exchanges) =>
      hostCost('aws', { custody: 'none' }, { issuers: 100, exchanges }),
    )
    expect(idle).toBe(busy)
    expect(idle).toBeGreaterThan(1)
  })
})

test('alarms and their metrics are as many as the construct makes', () => {
  expect(METRICS_OF_ALARMS).toBe(Object.keys(LOG_METRICS).length)
  expect(ALARMS).toBe(alarmNames().length)
})

const HOSTS: readonly [HostKind, Keys][] = [
  ['aws', { custody: 'kms', algorithm: 'RS256', keysPerIssuer: 2 }],
  ['aws', { custody: 'kms-wrapped', algorithm: 'ES256', keysPerIssuer: 2 }],
  ['aws', { custody: 'none' }],
  ['cloudflare', { custody: 'sealed' }],
  ['cloudflare', { custody: 'kms-wrapped', algorithm: 'RS256', keysPerIssuer: 2 }],
  ['cloudflare', { custody: 'none' }],
]

test.each(HOSTS)('more use of a host costs no less: %s, %o', (host, keys) => {
  const amounts = [0, 1, 1000, 30_000, MILLION, 100 * MILLION]
  const counts = [1, 10, 1000, 1001, 10_000]
  for (const [index, issuers] of counts.entries()) {
    for (const [step, exchanges] of amounts.entries()) {
      const cost = hostCost(host, keys, { issuers, exchanges })
      expect(Number.isFinite(cost)).toBe(true)
      const fewer = {
        issuers: counts[index - 1] ?? issuers,
        exchanges: amounts[step - 1] ?? exchanges,
      }
      expect(cost + 1e-9).toBeGreaterThanOrEqual(hostCost(host, keys, fewer))
    }
  }
})

function place(name: string, inside = ''): string {
  return `<!-- costs:${name} -->\n${inside}<!-- /costs:${name} -->`
}

describe('tables in a document', () => {
  const text = `before\n${place('a', '| old |\n')}\nbetween\n${place('b')}\nafter\n`

  test('each stands in its place, and nothing else changes', () => {
    const written = `before\n${place('a', '| 1 |\n| 2 |\n')}\nbetween\n${place('b', '| $2 $& |\n')}\nafter\n`
    const tables = { a: '| 1 |\n| 2 |', b: '| $2 $& |' }
    expect(withTables(text, tables)).toBe(written)
    expect(withTables(written, tables)).toBe(written)
  })

  test.each([
    [{ a: '1' }, 'there is no table b'],
    [{ a: '1', b: '2', c: '3' }, 'no place for c'],
  ])('one without the other is a mistake: %o', (tables, message) => {
    expect(() => withTables(text, tables)).toThrow(message)
  })
})
