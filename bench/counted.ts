/**
 * Calls of services, counted.
 */

/** Such as `2 GetObject, 1 PutObject`, in the order in which each was first called. */
export function counted(calls: readonly string[]): string {
  const operations = [...new Set(calls)]
  const counts = operations.map(
    (operation) => `${calls.filter((call) => call === operation).length} ${operation}`,
  )
  return counts.join(', ') || 'none'
}
