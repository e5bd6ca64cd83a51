/**
 * The log port: one JSON line a record.
 *
 * Fields are named by the caller and never hold a token, a secret, a key reference or an account.
 */

export type LogLevel = 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, string | number | boolean>>

export interface Log {
  (level: LogLevel, event: string, fields?: LogFields): void
}

/** A log that hands each record to `write` as one line without its line end. */
export function jsonLog(write: (level: LogLevel, line: string) => void): Log {
  return (level, event, fields = {}) => {
    const head = { level, event }
    // First for whoever reads, last so that no field takes their place.
    write(level, JSON.stringify({ ...head, ...fields, ...head }))
  }
}
