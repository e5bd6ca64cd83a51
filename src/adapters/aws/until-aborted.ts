/**
 * Work that is not waited for any longer than a signal allows, whether or not the work hears the signal.
 */

/** What `work` comes to; rejects with the signal's reason as soon as it is aborted. What the work does later is not heard. */
export async function untilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}
