/**
 * A `Response` as a function answers an event of payload format 2.0.
 */

import { encodeBase64 } from '../../crypto/base64.ts'

/** What API Gateway and Function URLs make an HTTP answer of. */
export interface LambdaAnswer {
  readonly statusCode: number
  /** Names in lower case; those of the response, except `set-cookie`. */
  readonly headers: Readonly<Record<string, string>>
  /** Each becomes a `Set-Cookie`. */
  readonly cookies?: readonly string[]
  /** Base64 where `isBase64Encoded`, else text that is sent as UTF-8. */
  readonly body: string
  readonly isBase64Encoded: boolean
}

const TEXT_TYPE = /^(?:text\/|application\/(?:[\w.-]+\+)?json\s*(?:;|$))/i
/** No answer with these has a body (RFC 9110 §15). */
const BODILESS_STATUSES: readonly number[] = [204, 205, 304]

/** `method`: of the request that is answered. Rejects when the body of the response fails. */
export async function answerOfResponse(response: Response, method: string): Promise<LambdaAnswer> {
  const cookies = response.headers.getSetCookie()
  const headers = [...response.headers].filter(([name]) => name !== 'set-cookie')
  const bodiless = method === 'HEAD' || BODILESS_STATUSES.includes(response.status)
  return {
    statusCode: response.status,
    headers: Object.fromEntries(headers),
    ...(cookies.length === 0 ? {} : { cookies }),
    ...(bodiless ? { body: '', isBase64Encoded: false } : await bodyOf(response)),
  }
}

async function bodyOf(response: Response): Promise<Pick<LambdaAnswer, 'body' | 'isBase64Encoded'>> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = isText(response.headers) ? textOf(bytes) : undefined
  if (text !== undefined) return { body: text, isBase64Encoded: false }
  if (bytes.byteLength === 0) return { body: '', isBase64Encoded: false }
  return { body: encodeBase64(bytes), isBase64Encoded: true }
}

function isText(headers: Headers): boolean {
  // A body that is compressed is no text, whatever it was before.
  return TEXT_TYPE.test(headers.get('Content-Type') ?? '') && !headers.has('Content-Encoding')
}

/** `undefined` for what is not UTF-8: as text it would not arrive as it is. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
