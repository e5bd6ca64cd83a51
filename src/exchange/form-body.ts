/**
 * The body of a request to the token endpoint, as text: of the one media type (RFC 6749 §4, appendix B), bounded, in UTF-8. What it says is for `form-parameters.ts`.
 */

import { boundedBytes } from '../bounded-body.ts'
import { EXCHANGE_BODY_BYTES_MAX } from '../limits.ts'
import { type FormAnswer, refusedForm } from './form-answer.ts'

const FORM_TYPE = 'application/x-www-form-urlencoded'
/** A charset parameter may be there; appendix B has UTF-8 whatever is said. */
const UTF8_PARAMETERS = ['', 'charset=utf-8', 'charset=utf8', 'charset="utf-8"', 'charset="utf8"']
/** No client writes more. Bounded before it is looked at: a header may have as much as the host lets in. */
const CONTENT_TYPE_CHARS_MAX = 100

// A BOM stays what it is: a character that no parameter begins with.
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Never rejects: whoever does not send its body to the end is refused as well. */
export async function readFormText(request: Request): Promise<FormAnswer<string>> {
  if (!isFormType(request.headers.get('Content-Type') ?? '')) {
    return refusedForm(
      'media_type_refused',
      'the body must have Content-Type: application/x-www-form-urlencoded, with no other parameter than charset=utf-8',
    )
  }
  const said = request.headers.get('Content-Length')
  if (Number(said) > EXCHANGE_BODY_BYTES_MAX) return tooLarge()
  let bytes
  try {
    bytes =
      said === null
        ? await boundedBytes(request, EXCHANGE_BODY_BYTES_MAX)
        : await wholeBody(request)
  } catch {
    return refusedForm('form_malformed', 'the body ended before all of it was sent: send it again')
  }
  return bytes === undefined ? tooLarge() : decoded(bytes)
}

/** Of a body whose length is known, to which servers hold its sender: a stream of it costs them half a signature. */
async function wholeBody(request: Request): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  return bytes.byteLength > EXCHANGE_BODY_BYTES_MAX ? undefined : bytes
}

function isFormType(contentType: string): boolean {
  if (contentType.length > CONTENT_TYPE_CHARS_MAX) return false
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  return (
    type.trim() === FORM_TYPE &&
    parameters.every((parameter) => UTF8_PARAMETERS.includes(parameter.trim()))
  )
}

function decoded(bytes: Uint8Array): FormAnswer<string> {
  try {
    return { ok: true, value: UTF8.decode(bytes) }
  } catch {
    return refusedForm('form_malformed', 'the body must be a form in UTF-8, and this is not UTF-8')
  }
}

function tooLarge(): FormAnswer<never> {
  return refusedForm(
    'body_too_large',
    `the body must have at most ${EXCHANGE_BODY_BYTES_MAX} bytes, got more: a subject token has at most a quarter of that`,
  )
}
