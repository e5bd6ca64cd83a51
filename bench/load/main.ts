/**
 * The load process: takes commands from the bench, one at a time, and runs them against a server on loopback.
 */

import { type AskedList, askedList } from './asked-list.ts'
import { saturate } from './closed-loop.ts'
import { postText, requestText } from './connection.ts'
import { withConnections } from './connections.ts'
import type { AskedPost, Captured, LoadAnswer, LoadCommand } from './messages.ts'
import { pace } from './open-loop.ts'

const LEAD_IN_MS = 100

const lists = new Map<string, AskedList>()

function listOf(name: string): AskedList {
  const list = lists.get(name)
  if (list === undefined) throw new TypeError(`no list ${name}`)
  return list
}

async function perform(command: LoadCommand): Promise<LoadAnswer> {
  switch (command.type) {
    case 'capture':
      return { ok: true, captured: await capture(command.port, command.asked) }
    case 'learn':
      lists.set(command.list, askedList(command.asked))
      return { ok: true }
    case 'warm': {
      const { port, pid, leastMs, passes } = command
      const list = listOf(command.list)
      const leastRequests = passes * list.length
      const loop = { port, pid, list, leadInMs: 0, leastMs, leastRequests }
      return { ok: true, run: await saturate({ ...loop, check: 'whole' }) }
    }
    case 'saturate': {
      const { port, pid, ms } = command
      const loop = { port, pid, list: listOf(command.list), leadInMs: LEAD_IN_MS }
      return {
        ok: true,
        run: await saturate({ ...loop, leastMs: ms, leastRequests: 1, check: 'quick' }),
      }
    }
    case 'pace': {
      const { port, pid, ms, perSecond } = command
      const loop = { port, pid, list: listOf(command.list), leadInMs: LEAD_IN_MS }
      return { ok: true, run: await pace({ ...loop, ms, perSecond }) }
    }
  }
}

async function capture(port: number, asked: string | AskedPost): Promise<Captured> {
  return withConnections<Captured>(port, 1, ([connection], { onAnswer, end }) => {
    onAnswer((_, { head, body }) => end({ head, body: body.toString('utf8') }))
    connection?.send(typeof asked === 'string' ? requestText(asked) : postText(asked))
  })
}

function answer(reply: LoadAnswer): void {
  process.send?.(reply)
}

process.on('disconnect', () => process.exit())
process.on('message', (command: LoadCommand) => {
  perform(command).then(answer, (error: unknown) =>
    answer({ ok: false, problem: error instanceof Error ? error.message : String(error) }),
  )
})
