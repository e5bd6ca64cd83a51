/**
 * The answer to whoever asks a deleted issuer for anything.
 */

import type { Context } from 'hono'
import { errorResponse } from './errors.ts'

export function answerDeleted(c: Context): Response {
  return errorResponse(c, 410, 'issuer_deleted', 'this issuer was deleted and does not come back')
}
