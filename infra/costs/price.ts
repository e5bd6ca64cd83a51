/**
 * What a price is, and what an amount costs by it. No price is here: they are in `prices.ts`, each with its source.
 */

/** `official`: read on the provider's own page. `secondary`: on a page that quotes it. `unverified`: look it up before relying on it. */
export type Evidence = 'official' | 'secondary' | 'unverified'

export interface Price {
  /** What is paid for, as the tables say it. */
  readonly of: string
  /** So many are priced together. */
  readonly per: number
  /** In US dollars for `per`, up to so many a month; the last one has no end. */
  readonly tiers: readonly [PriceTier, ...PriceTier[]]
  /** Every month, for as long as the account exists: no price of a first year is here. */
  readonly free?: number
  readonly source: string
  readonly evidence: Evidence
}

export interface PriceTier {
  readonly upTo: number
  readonly usd: number
}

/** US dollars for `amount` in a month, what is free taken off. */
export function costOf({ tiers, per, free = 0 }: Price, amount: number): number {
  const paid = Math.max(0, amount - free)
  let cost = 0
  let from = 0
  for (const { upTo, usd } of tiers) {
    const within = Math.max(0, Math.min(paid, upTo) - from)
    cost += (within / per) * usd
    from = upTo
  }
  return cost
}

/** What the free amounts of `prices` are worth at most: to be added where an account uses them up elsewhere. */
export function worthOfFree(prices: readonly Price[]): number {
  return prices.reduce((sum, price) => {
    const { free = 0, ...paid } = price
    return sum + costOf(paid, free)
  }, 0)
}
