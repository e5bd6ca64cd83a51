/**
 * What a copy that tokens are issued by takes in memory, by the texts that it was made from: near enough for a bound.
 */

/** Of JSON that was read. */
const DOCUMENT_BYTES_PER_CHAR = 4
/**
 * Of a compiled policy, for each word and operator of its text: measured at 80 to 250, the most for expressions of single
 * letters. By characters it could not be told: a long name costs as much as a short one.
 */
const POLICY_BYTES_PER_PIECE = 256

/** By character: nothing, an operator, part of a word. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/\w/.test(char)) return 2
  return /[\s"\\,:[\]{}]/.test(char) ? 0 : 1
})

/** In bytes. */
export function copyWeight(issuerBody: string, policyBody = ''): number {
  return issuerBody.length * DOCUMENT_BYTES_PER_CHAR + piecesOf(policyBody) * POLICY_BYTES_PER_PIECE
}

/** In one pass without copies, since it is done at each read of storage. */
function piecesOf(text: string): number {
  let pieces = 0
  let before = 0
  for (let index = 0; index < text.length; index += 1) {
    const kind = KINDS[text.charCodeAt(index)] ?? 1
    if (kind === 1 || (kind === 2 && before !== 2)) pieces += 1
    before = kind
  }
  return pieces
}
