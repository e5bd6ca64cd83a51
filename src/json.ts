/**
 * JSON from elsewhere, before anyone knows what it is.
 */

export type JsonObject = Readonly<Record<string, unknown>>

/** `undefined`, which is no JSON value, for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
