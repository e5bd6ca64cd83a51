/**
 * What settings have in common, whatever they are for.
 */

/** Not given, or given as nothing, which deployment tools write for what is not given. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === ''
}

/** Without what is around it; empty where it is no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

export type ParsedConfig<T> =
  | { readonly ok: true; readonly config: T }
  | { readonly ok: false; readonly problems: readonly string[] }
