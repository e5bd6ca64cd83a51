/**
 * Load at a fixed rate, open loop: request number i is due at i/rate, whatever became of those before it.
 *
 * A latency is counted from when its request was due, not from when it was sent: a request that had to wait because the
 * server held up every connection has waited for the server. That is what "coordinated omission" leaves out.
 */

import { cpuSecondsOf } from '../cpu-time.ts'
import { type Ask, type AskedList, checkQuickly } from './asked-list.ts'
import { withConnections } from './connections.ts'
import type { Run } from './messages.ts'

export interface OpenLoop {
  readonly port: number
  readonly pid: number
  readonly list: AskedList
  /** Before anything is counted, at the same rate. */
  readonly leadInMs: number
  readonly ms: number
  readonly perSecond: number
}

const CONNECTIONS = 64

/** Rejects when an answer is not the expected one or does not come. */
export async function pace(loop: OpenLoop): Promise<Run> {
  const gapMs = 1000 / loop.perSecond
  const uncounted = Math.ceil(loop.leadInMs / gapMs)
  const total = uncounted + Math.ceil(loop.ms / gapMs)
  return withConnections<Run>(loop.port, CONNECTIONS, (connections, { onAnswer, end, isOver }) => {
    const free = [...connections.keys()]
    const underWay: { readonly number: number; readonly ask: Ask }[] = []
    const latencies = new Float64Array(total - uncounted)
    const startedAt = performance.now()
    let sent = 0
    let answered = 0
    let cpuAtStart = 0

    function sendWhatIsDue(): void {
      const due = Math.min(total, Math.floor((performance.now() - startedAt) / gapMs) + 1)
      while (sent < due) {
        const index = free.pop()
        if (index === undefined) return
        const ask = loop.list.next()
        underWay[index] = { number: sent, ask }
        if (sent === uncounted) cpuAtStart = cpuSecondsOf(loop.pid)
        connections[index]?.send(ask.request)
        sent += 1
      }
    }

    onAnswer((index, answer) => {
      const request = underWay[index]
      if (request === undefined) throw new Error('an answer without a request')
      checkQuickly(answer, request.ask.expected)
      const now = performance.now()
      const counted = request.number - uncounted
      if (counted >= 0) latencies[counted] = now - startedAt - request.number * gapMs
      free.push(index)
      answered += 1
      if (answered < total) return
      end({
        requests: latencies.length,
        seconds: (now - startedAt - uncounted * gapMs) / 1000,
        cpuSeconds: cpuSecondsOf(loop.pid) - cpuAtStart,
        p99Ms: latencies.toSorted()[Math.ceil(latencies.length * 0.99) - 1] ?? NaN,
      })
    })
    // Asked for the time at every turn: a timer has a millisecond's grain, which would be most of what is measured.
    function turn(): void {
      if (sent === total || isOver()) return
      sendWhatIsDue()
      setImmediate(turn)
    }
    turn()
  })
}
