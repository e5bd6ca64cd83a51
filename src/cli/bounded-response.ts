/**
 * A response's JSON, read no further than a limit: what answers may be hostile, or not what was expected.
 */

/** Resolves to `undefined` for what is no JSON or larger than `bytesMax`, counted after decompression. */
export async function readJson(response: Response, bytesMax: number): Promise<unknown> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > bytesMax) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  try {
    return JSON.parse(text + decoder.decode())
  } catch {
    return undefined
  }
}

/** A string member of a JSON object, if it has one. */
export function stringMember(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const member: unknown = Reflect.get(value, name)
  return typeof member === 'string' ? member : undefined
}

/** Why a request came to nothing, in a few words. */
export function failureReason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown reason'
  if (cause.name === 'TimeoutError') return 'it took too long'
  const inner = cause.cause
  const code = inner instanceof Error && 'code' in inner ? inner.code : undefined
  return typeof code === 'string' ? code : cause.name
}
