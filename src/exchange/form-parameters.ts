/**
 * The parameters of a form (RFC 6749 appendix B): each at most once, since two readers would otherwise choose differently.
 *
 * `URLSearchParams` reads whatever it is given: a percent sign that escapes nothing stays as it is, and bytes that are not
 * UTF-8 become replacement characters. Here both are refused.
 */

import { type FormAnswer, refusedForm } from './form-answer.ts'

export type FormParameters = ReadonlyMap<string, string>

/** Of these RFC 8693 §2.1 allows several, but a token has one audience here. */
const TARGETS: readonly string[] = ['audience', 'resource']

/** Without those that have no value, which count as omitted (RFC 6749 §3.2). */
export function parseFormParameters(text: string): FormAnswer<FormParameters> {
  const parameters = new Map<string, string>()
  for (const piece of text.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = decoded(equals === -1 ? piece : piece.slice(0, equals))
    const value = equals === -1 ? '' : decoded(piece.slice(equals + 1))
    if (name === undefined || value === undefined) {
      return refusedForm(
        'form_malformed',
        'the body must be a form whose percent signs each escape a byte of UTF-8: write a percent sign itself as %25',
      )
    }
    if (parameters.has(name)) return refusedRepetition(name)
    parameters.set(name, value)
  }
  for (const [name, value] of parameters) if (value === '') parameters.delete(name)
  return { ok: true, value: parameters }
}

/** `undefined` for escapes that are none, and for those of bytes that are not UTF-8. */
function decoded(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

function refusedRepetition(name: string): FormAnswer<never> {
  if (TARGETS.includes(name)) {
    return refusedForm(
      'target_refused',
      `a token is issued for one audience, got ${name} more than once: ask for each token on its own`,
    )
  }
  return refusedForm(
    'parameter_repeated',
    'each parameter must be there once, got one of them more than once',
  )
}
