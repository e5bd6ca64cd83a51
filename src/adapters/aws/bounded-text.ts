/**
 * The text of an answer from elsewhere, which may be as long as it likes.
 */

/** `undefined` once there are more than `bytesMax` bytes; the rest is not read. Rejects when the connection fails. */
export async function boundedText(
  { body }: Pick<Response, 'body'>,
  bytesMax: number,
): Promise<string | undefined> {
  if (body === null) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let [text, byteCount] = ['', 0]
  for (;;) {
    const piece = await reader.read()
    if (piece.done) return text + decoder.decode()
    byteCount += piece.value.byteLength
    if (byteCount > bytesMax) {
      await reader.cancel()
      return undefined
    }
    text += decoder.decode(piece.value, { stream: true })
  }
}
