/**
 * What reading a request for a token comes to, step by step.
 */

import type { ExchangeRefusal, RequestRefusalReason } from './exchange-refusal.ts'

export type FormAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: ExchangeRefusal }

/** `detail`: is sent to whoever asked. A token that cannot be one by its text is malformed whoever finds out. */
export function refusedForm(
  reason: RequestRefusalReason | 'subject_token_malformed',
  detail: string,
): FormAnswer<never> {
  return { ok: false, refusal: { reason, detail } }
}
