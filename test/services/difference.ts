/**
 * One behaviour of a service: a probe that asks for it, what AWS documents, and who is known to answer otherwise.
 */

import type { ServiceName } from './endpoints.ts'

export const COLUMNS = ['fake', 'moto', 'ceph'] as const satisfies readonly ('fake' | ServiceName)[]
export type Column = (typeof COLUMNS)[number]

export interface Difference<Subject> {
  readonly what: string
  readonly documented: string
  /** Resolves to what was seen, in the words of `documented`. */
  readonly probe: (subject: Subject) => Promise<string>
  /** Known and asserted, so that a service that was mended is noticed. */
  readonly otherwise?: Partial<Readonly<Record<Column, string>>>
}

/** What one test saw of one service. */
export interface Seen {
  readonly what: string
  readonly documented: string
  readonly column: Column
  readonly answer: string
}

declare module 'vitest' {
  interface TaskMeta {
    seen?: Seen
  }
}

/**
 * How a call ended: what `say` makes of its answer, or status and name of its error. Who fails inside names nothing, so that
 * the status alone tells.
 */
export async function answerOf<Answer>(
  call: Promise<Answer>,
  say: (answer: Answer) => string | Promise<string>,
): Promise<string> {
  try {
    return await say(await call)
  } catch (error) {
    if (!(error instanceof Error) || !('$metadata' in error)) throw error
    const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number }
    if (httpStatusCode === undefined) throw error
    return httpStatusCode >= 500 ? `${httpStatusCode}` : `${httpStatusCode} ${error.name}`
  }
}
