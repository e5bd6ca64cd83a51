/**
 * What the Worker asks of its runtime, as Miniflare takes it. `wrangler.toml` says the same to Cloudflare, and a test
 * holds the two together: what is tried locally is what is deployed.
 */

export const WORKER_RUNTIME = {
  name: 'signet',
  compatibilityDate: '2026-07-30',
  compatibilityFlags: ['global_fetch_strictly_public'],
  kvNamespaces: ['PUBLIC_COPIES'],
  durableObjects: {
    DOCUMENTS: { className: 'DocumentObject', useSQLite: true },
    DIRECTORY: { className: 'DirectoryObject', useSQLite: true },
  },
  ratelimits: {
    EXCHANGE_RATE: { namespace_id: '6981', simple: { limit: 100, period: 10 } },
  },
}

/**
 * When which job runs, in UTC; the Worker tells them apart by these words. A successor takes three runs from its making to
 * its proof, and signs a day later at the earliest: quarters of an hour do not matter to it.
 */
export const WORKER_CRONS = {
  rotate: '*/15 * * * *',
  sweep: '20 3 * * *',
} as const
