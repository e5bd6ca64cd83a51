/**
 * The body of an answer from elsewhere, which may be as long as it likes: counted after decompression, while it streams.
 */

import type { Bytes } from './crypto/base64url.ts'

/**
 * `undefined` once there are more than `bytesMax` bytes; the rest is not read. Rejects when the connection fails, and, with
 * the body cancelled, when `signal` is aborted.
 */
export async function boundedBytes(
  { body }: Pick<Response, 'body'>,
  bytesMax: number,
  signal?: AbortSignal,
): Promise<Bytes | undefined> {
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  // Its failure is nobody's concern: the connection is given up either way.
  const giveUp = () => void reader.cancel().catch(() => {})
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted === true) giveUp()
  const pieces: Uint8Array[] = []
  let byteCount = 0
  for (;;) {
    const piece = await reader.read()
    // A body that was cancelled ends like one that was read to its end.
    signal?.throwIfAborted()
    if (piece.done) return joined(pieces, byteCount)
    byteCount += piece.value.byteLength
    if (byteCount > bytesMax) {
      giveUp()
      return undefined
    }
    pieces.push(piece.value)
  }
}

/** As `boundedBytes`; what is not UTF-8 becomes replacement characters. */
export async function boundedText(
  response: Pick<Response, 'body'>,
  bytesMax: number,
): Promise<string | undefined> {
  const bytes = await boundedBytes(response, bytesMax)
  return bytes && new TextDecoder().decode(bytes)
}

function joined(pieces: readonly Uint8Array[], byteCount: number): Bytes {
  const bytes = new Uint8Array(byteCount)
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.byteLength
  }
  return bytes
}
