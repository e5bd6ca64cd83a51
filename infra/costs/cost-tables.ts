/**
 * The tables of `docs/costs.md`, in Markdown.
 */

import type { Use } from './assumptions.ts'
import { AWS_FREE_WORTH, awsCost } from './aws-cost.ts'
import { cloudflareCost } from './cloudflare-cost.ts'
import {
  type HostKind,
  hostCost,
  issuersWithin,
  type Keys,
  PROCESSES,
  usedBy,
} from './cost-of-host.ts'
import { type KeysInKms, kmsCost } from './kms-cost.ts'
import type { Price } from './price.ts'
import { AWS, CLOUDFLARE, KMS } from './prices.ts'

const ISSUERS = [1, 100, 10_000] as const
const EXCHANGES = [1_000_000, 100_000_000] as const
const KEYS = [2, 3] as const

const KMS_CUSTODIES = [
  { custody: 'kms', algorithm: 'RS256' },
  { custody: 'kms', algorithm: 'ES256' },
  { custody: 'kms-wrapped', algorithm: 'RS256' },
  { custody: 'kms-wrapped', algorithm: 'ES256' },
] as const satisfies readonly Omit<KeysInKms, 'keysPerIssuer'>[]

/** By the name of the marker that each stands behind. */
export function costTables(): Readonly<Record<string, string>> {
  return {
    kms: kmsTable(),
    'aws-rest': restTable('aws'),
    'aws-whole': wholeTable('aws', ['kms', 'kms-wrapped', 'none']),
    'cloudflare-rest': restTable('cloudflare'),
    'cloudflare-whole': wholeTable('cloudflare', ['sealed', 'kms', 'kms-wrapped', 'none']),
    'break-even': breakEven(),
    prices: priceTable(),
  }
}

function kmsTable(): string {
  const columns = EXCHANGES.flatMap((exchanges) => KEYS.map((keys) => ({ exchanges, keys })))
  const head = columns.map(({ exchanges, keys }) => `${millions(exchanges)}, ${keys} keys`)
  const rows = ISSUERS.flatMap((issuers) =>
    KMS_CUSTODIES.map((kept) => [
      count(issuers),
      `\`${kept.custody}\`, ${kept.algorithm}`,
      ...columns.map(({ exchanges, keys }) =>
        dollars(kmsCost({ ...kept, keysPerIssuer: keys }, { issuers, exchanges }, PROCESSES.aws)),
      ),
    ]),
  )
  return table(['issuers', 'custody', ...head], rows)
}

function restTable(host: HostKind): string {
  const rows = uses().map((use) => {
    const keys: Keys = host === 'aws' ? wrapped(2) : { custody: 'sealed' }
    const parts = host === 'aws' ? awsCost(usedBy(keys, use)) : cloudflareCost(usedBy(keys, use))
    const total = Object.values<number>({ ...parts }).reduce((sum, part) => sum + part, 0)
    return { use, parts: Object.entries<number>({ ...parts }), total }
  })
  const names = rows[0]?.parts.map(([name]) => PART_NAMES[name] ?? name) ?? []
  return table(
    ['issuers', 'exchanges', ...names, 'together'],
    rows.map(({ use, parts, total }) => [
      count(use.issuers),
      millions(use.exchanges),
      ...parts.map(([, cost]) => dollars(cost)),
      dollars(total),
    ]),
  )
}

const PART_NAMES: Readonly<Record<string, string>> = {
  lambda: 'Lambda',
  httpApi: 'HTTP API',
  cloudFront: 'CloudFront',
  s3: 'S3',
  logs: 'logs',
  metrics: 'metrics, alarms',
  plan: 'plan',
  requests: 'requests',
  cpu: 'CPU',
  durableObjects: 'Durable Objects',
  kv: 'KV',
}

function wholeTable(host: HostKind, custodies: readonly Keys['custody'][]): string {
  const columns = custodies.flatMap((custody) => keysOf(custody))
  const rows = uses().map((use) => [
    count(use.issuers),
    millions(use.exchanges),
    ...columns.map(({ keys }) => dollars(hostCost(host, keys, use))),
  ])
  return table(['issuers', 'exchanges', ...columns.map(({ name }) => name)], rows)
}

function keysOf(custody: Keys['custody']): { readonly name: string; readonly keys: Keys }[] {
  switch (custody) {
    case 'kms':
      return KEYS.map((keysPerIssuer) => ({
        name: `\`kms\`, ${keysPerIssuer} keys`,
        keys: { custody, algorithm: 'RS256', keysPerIssuer },
      }))
    case 'kms-wrapped':
      return [{ name: '`kms-wrapped`', keys: wrapped(2) }]
    case 'sealed':
    case 'none':
      return [{ name: `\`${custody}\``, keys: { custody } }]
  }
}

function wrapped(keysPerIssuer: number): KeysInKms {
  return { custody: 'kms-wrapped', algorithm: 'RS256', keysPerIssuer }
}

function breakEven(): string {
  const exchanges = EXCHANGES[0]
  const rows = [10, 100, 1000].map((usd) => [
    dollars(usd),
    ...KEYS.map((keysPerIssuer) =>
      count(issuersWithin(usd, { algorithm: 'RS256', keysPerIssuer }, exchanges)),
    ),
  ])
  return table(
    ['`kms` costs more by at most', ...KEYS.map((keys) => `issuers with ${keys} keys`)],
    rows,
  )
}

function priceTable(): string {
  const rows = [
    ...Object.values<Price>(KMS),
    ...Object.values<Price>(AWS),
    ...Object.values<Price>(CLOUDFLARE),
  ]
  return table(
    ['what', 'price', 'free each month', 'source'],
    rows.map(({ of, per, tiers, free, source, evidence }) => [
      of,
      tiers
        .map(({ upTo, usd }) => `$${usd}${upTo === Infinity ? '' : ` up to ${count(upTo)}`}`)
        .join(', then ') + (per === 1 ? '' : ` for ${count(per)}`),
      free === undefined ? '' : count(free),
      `[${evidence}](${source})`,
    ]),
  )
}

/** What AWS gives for nothing is taken off in the tables. */
export function freeWorth(): string {
  return dollars(AWS_FREE_WORTH)
}

function uses(): Use[] {
  return ISSUERS.flatMap((issuers) => EXCHANGES.map((exchanges) => ({ issuers, exchanges })))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function millions(amount: number): string {
  return `${count(amount / 1_000_000)} M`
}

function count(amount: number): string {
  return amount.toLocaleString('en-US')
}

/** To the dollar, and below ten to the cent: no figure here is better than that. */
function dollars(amount: number): string {
  const digits = amount < 10 ? 2 : 0
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}
