/**
 * What the Durable Object does that knows which documents there are. One an installation.
 */

import type { DurableObjectStorage } from '@cloudflare/workers-types'
import type { ListPage, ListRequest } from '../../../storage/document-store.ts'

export interface DirectoryKeeper {
  /** Adding a key twice is adding it once. */
  add(key: string): void
  has(key: string): boolean
  list(request: ListRequest): ListPage
}

export function directoryKeeper({ sql }: Pick<DurableObjectStorage, 'sql'>): DirectoryKeeper {
  // Not made by a reader: reading writes nothing.
  const hasTable = (): boolean =>
    sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'keys'").toArray().length > 0

  return {
    add: (key) => {
      sql.exec('CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY) WITHOUT ROWID')
      sql.exec('INSERT OR IGNORE INTO keys (key) VALUES (?)', key)
    },
    has: (key) =>
      hasTable() && sql.exec('SELECT 1 FROM keys WHERE key = ?', key).toArray().length > 0,
    list: ({ prefix, after = '', limit }) => {
      if (!hasTable()) return { keys: [], more: false }
      const rows = sql.exec<{ key: string }>(
        'SELECT key FROM keys WHERE key > ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2 ORDER BY key LIMIT ?3',
        after,
        prefix,
        limit + 1,
      )
      const keys = rows.toArray().map(({ key }) => key)
      return { keys: keys.slice(0, limit), more: keys.length > limit }
    },
  }
}
