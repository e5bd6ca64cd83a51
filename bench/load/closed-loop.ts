/**
 * Load as fast as the server answers: every connection asks again when it has its answer.
 */

import { cpuSecondsOf } from '../cpu-time.ts'
import type { Answer } from './connection.ts'
import { type Ask, type AskedList, checkQuickly, checkWholly } from './asked-list.ts'
import type { Run } from './messages.ts'
import { withConnections } from './connections.ts'

export interface ClosedLoop {
  readonly port: number
  readonly pid: number
  readonly list: AskedList
  readonly check: 'whole' | 'quick'
  /** Before anything is counted: connections are new, caches of the CPU are another server's. */
  readonly leadInMs: number
  /** Ends when so many milliseconds are over and so many requests were answered. */
  readonly leastMs: number
  readonly leastRequests: number
}

const CONNECTIONS = 32

/** Rejects when an answer is not the expected one or does not come. */
export async function saturate(loop: ClosedLoop): Promise<Run> {
  const check: (answer: Answer, expected: Ask['expected']) => void =
    loop.check === 'whole' ? checkWholly : checkQuickly
  return withConnections<Run>(loop.port, CONNECTIONS, (connections, { onAnswer, end }) => {
    const asks: Ask[] = []
    let requests = 0
    let startedAt = performance.now() + loop.leadInMs
    let cpuAtStart: number | undefined

    function ask(index: number): void {
      const next = loop.list.next()
      asks[index] = next
      connections[index]?.send(next.request)
    }

    onAnswer((index, answer) => {
      const asked = asks[index]
      if (asked === undefined) throw new Error('an answer without a request')
      check(answer, asked.expected)
      ask(index)
      const now = performance.now()
      if (cpuAtStart === undefined) {
        if (now < startedAt) return
        startedAt = now
        cpuAtStart = cpuSecondsOf(loop.pid)
        return
      }
      requests += 1
      if (requests < loop.leastRequests || now - startedAt < loop.leastMs) return
      const cpuSeconds = cpuSecondsOf(loop.pid) - cpuAtStart
      end({ requests, seconds: (now - startedAt) / 1000, cpuSeconds })
    })
    for (const index of connections.keys()) ask(index)
  })
}
