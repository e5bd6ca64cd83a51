/**
 * A response's JSON, read no further than a limit: what answers may be hostile, or not what was expected.
 */

import { boundedText } from '../bounded-body.ts'
import { parseJson } from '../json.ts'

export { failureReason } from '../failure-reason.ts'

/** Resolves to `undefined` for what is no JSON or larger than `bytesMax`, counted after decompression. */
export async function readJson(response: Response, bytesMax: number): Promise<unknown> {
  const text = await boundedText(response, bytesMax)
  return text === undefined ? undefined : parseJson(text)
}

/** A string member of a JSON object, if it has one. */
export function stringMember(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const member: unknown = Reflect.get(value, name)
  return typeof member === 'string' ? member : undefined
}
