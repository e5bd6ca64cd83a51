/**
 * A host with a socket and a clock that a test moves, and the command that speaks to it, both in this process and at one
 * time.
 */

import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { vi } from 'vitest'
import { type Finished, temporaryDirectory } from '../support/signet.ts'
import { type InProcessHost, inProcessHost, START_SECONDS } from '../support/hosts/in-process.ts'
import type { TestRequest, TestResponse } from '../support/hosts/test-host.ts'
import { signetHere } from './in-process.ts'

/** Those of the connection are made anew. */
const PASSED_ON = ['authorization', 'content-type', 'if-match']

export interface ServedHost extends AsyncDisposable {
  readonly url: string
  readonly host: InProcessHost
  /** Runs `signet` with words between spaces. */
  run(command: string): Promise<Finished>
  /** Of the host and of the command. */
  wait(seconds: number): void
  /** Each public document is answered as it was when it was first asked for from then on: a cache that keeps too long. */
  keepPublicDocuments(): void
}

/** From the first moment on that hosts in this process have. Needs fake timers of `Date`, and local time that is UTC. */
export async function servedHost(): Promise<ServedHost> {
  let host: InProcessHost | undefined
  let kept: Map<string, Promise<TestResponse>> | undefined
  const answer = async (
    method: string,
    path: string,
    init: TestRequest,
  ): Promise<TestResponse | undefined> => {
    if (kept === undefined || !path.includes('/.well-known/')) {
      return host?.request(method, path, init)
    }
    const known = kept.get(path) ?? host?.request(method, path, init)
    if (known !== undefined) kept.set(path, known)
    return known
  }
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request
    const given = Object.fromEntries(
      PASSED_ON.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])),
    )
    void text(request)
      .then((body) => answer(method, path, { headers: given, ...(body === '' ? {} : { body }) }))
      .then((sent) => response.writeHead(sent?.status ?? 502, sent?.headers).end(sent?.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}`
  const here = inProcessHost({ publicUrl: url })
  host = here
  const directory = await temporaryDirectory()
  const secretFile = join(directory.path, 'control-secret')
  await writeFile(secretFile, here.controlSecret, { mode: 0o600 })
  vi.setSystemTime(START_SECONDS * 1000)
  return {
    url,
    host: here,
    run: (command) =>
      signetHere([...command.split(' '), '--url', url, '--secret-file', secretFile]),
    wait: (seconds) => {
      here.clock.seconds += seconds
      vi.setSystemTime(here.clock.seconds * 1000)
    },
    keepPublicDocuments: () => {
      kept = new Map()
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await directory[Symbol.asyncDispose]()
    },
  }
}
