/**
 * The measure: a handler that returns what the Worker answered, as constants. No router, no storage, no request read.
 */

import type { Captured } from '../load/messages.ts'

/** Headers that the runtime makes of the body and the connection. */
const RUNTIME_HEADERS = ['content-length', 'date', 'connection', 'keep-alive']

/** Source text of the module. */
export function bareHandler({ head, body }: Captured): string {
  const headers = head
    .split('\r\n')
    .slice(1)
    .map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
    .filter(([name]) => !RUNTIME_HEADERS.includes(name.toLowerCase()))
  return [
    `const BODY = ${JSON.stringify(body)}`,
    // As an object of its own at each request they would cost about a fifth more: no measure of what is possible.
    `const HEADERS = new Headers(${JSON.stringify(headers)})`,
    'export default { fetch: () => new Response(BODY, { headers: HEADERS }) }',
    '',
  ].join('\n')
}

/** Whether two answers are the same, but for the order of their headers. */
export function isSameAnswer(a: Captured, b: Captured): boolean {
  return a.body === b.body && sorted(a.head) === sorted(b.head)
}

function sorted(head: string): string {
  return head.toLowerCase().split('\r\n').toSorted().join('\n')
}
