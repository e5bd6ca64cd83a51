/**
 * A set of connections for one run: opened before it, closed after it, however it ends.
 */

import { type Answer, type Connection, openConnection } from './connection.ts'

export interface RunControl<Result> {
  /** What to do with an answer, by the number of its connection. What it throws ends the run. */
  readonly onAnswer: (handle: (index: number, answer: Answer) => void) => void
  readonly end: (result: Result) => void
  readonly isOver: () => boolean
}

/** Longer than any run of a bench that works. */
const RUN_MS_MAX = 60_000

/** Resolves to what `end` is given. Rejects at the first problem of a connection, and when it takes too long. */
export async function withConnections<Result>(
  port: number,
  count: number,
  start: (connections: readonly Connection[], control: RunControl<Result>) => void,
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  const connections: Connection[] = []
  let over = false
  let handle: ((index: number, answer: Answer) => void) | undefined
  const limit = setTimeout(
    () => reject(new Error(`a run was not over after ${RUN_MS_MAX / 1000} s`)),
    RUN_MS_MAX,
  )
  try {
    for (let index = 0; index < count; index += 1) {
      const onAnswer = (answer: Answer): void => {
        if (!over) handle?.(index, answer)
      }
      connections.push(await openConnection({ port, onAnswer, onProblem: reject }))
    }
    start(connections, {
      onAnswer: (given) => {
        handle = given
      },
      end: (result) => {
        over = true
        resolve(result)
      },
      isOver: () => over,
    })
    return await promise
  } finally {
    over = true
    clearTimeout(limit)
    for (const connection of connections) connection.close()
  }
}
