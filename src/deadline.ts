/**
 * Deadlines for work that cannot be stopped: whoever waits goes on, and so does the work.
 */

export interface Deadline {
  /** Resolves after so many milliseconds; need not once `done` is aborted. */
  (milliseconds: number, done: AbortSignal): Promise<void>
}

/** A deadline on the runtime's clock. Its timer ends with the work, since a timer keeps a Durable Object awake. */
export const timerDeadline: Deadline = (milliseconds, done) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    done.addEventListener('abort', () => clearTimeout(timer))
  })

/** Whether `work` ended before the deadline. Rejects when it failed before it; what it does later is not heard. */
export async function endsWithin(
  milliseconds: number,
  work: Promise<unknown>,
  deadline: Deadline,
): Promise<boolean> {
  const done = new AbortController()
  const ended = work.then(() => true)
  const passed = deadline(milliseconds, done.signal).then(() => false)
  return Promise.race([ended, passed]).finally(() => done.abort())
}
