/**
 * The servers that exchange tokens on Node, each a process: Signet, and oidc-provider.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import { type Child, firstMessage, startChild } from '../children.ts'
import { cpuSecondsOf } from '../cpu-time.ts'
import type { Run } from '../load/messages.ts'
import type { Place } from '../place.ts'
import { type ExchangeServer, subjectTokensFor } from './exchange-server.ts'
import type { Done, Listening, ServerSettings, WorkCommand } from './messages.ts'
import { peerEndpoint } from './peer-endpoint.ts'
import { signetEndpoint } from './signet-exchange.ts'
import type { SubjectKeys } from './subjects.ts'
import { tokenRequest } from './token-request.ts'

export const SIGNET = 'Signet'
export const PEER = 'oidc-provider'

/** Signet, and what else its process does. */
export interface SignetServer extends ExchangeServer {
  readonly barePort: number
  /** A piece of work alone, so many times. */
  readonly perform: (command: WorkCommand) => Promise<Run>
}

export interface NodeServers {
  readonly signet: SignetServer
  readonly peer: ExchangeServer
}

export async function startNodeServers(place: Place, keys: SubjectKeys): Promise<NodeServers> {
  const file = join(place.directory, 'exchange.json')
  await writeFile(file, JSON.stringify(await settingsOf(keys)))
  const signet = await start(place, SIGNET, new URL('signet-server.ts', import.meta.url), file)
  const peer = await start(place, PEER, new URL('oidc-provider-server.ts', import.meta.url), file)
  return {
    signet: {
      ...signet.server,
      endpointOf: signetEndpoint,
      perform: (command) => perform(signet.child, command),
    },
    peer: { ...peer.server, endpointOf: peerEndpoint },
  }
}

async function settingsOf(keys: SubjectKeys): Promise<ServerSettings> {
  const posts = async (alg: SigningAlgorithm) => {
    const endpoint = signetEndpoint(alg)
    const tokens = await subjectTokensFor(endpoint, keys)
    return tokens.map((token) => tokenRequest(endpoint.tokenPath, token, endpoint.further))
  }
  return { jwks: keys.jwks, posts: { RS256: await posts('RS256'), ES256: await posts('ES256') } }
}

async function start({ cores }: Place, name: string, main: URL, file: string) {
  const command = [process.execPath, fileURLToPath(main), file]
  const child = startChild({ name, pin: cores.server, command, channel: 'ipc' })
  const { port, barePort = 0 } = (await firstMessage(child)) as Listening
  return { child, server: { name, pid: child.pid, port, barePort } }
}

async function perform(child: Child, command: WorkCommand): Promise<Run> {
  const before = cpuSecondsOf(child.pid)
  const startedAt = performance.now()
  const answered = firstMessage(child)
  child.process.send(command)
  const { problem } = (await answered) as Done
  const seconds = (performance.now() - startedAt) / 1000
  if (problem !== undefined) throw new Error(`${child.name}, ${command.work}: ${problem}`)
  return { requests: command.count, seconds, cpuSeconds: cpuSecondsOf(child.pid) - before }
}
