/**
 * What runs on Node: Signet and its peers, each a process and each with the server it comes with.
 */

import { fileURLToPath } from 'node:url'
import { askedPath } from '../asked.ts'
import { firstMessage, startChild } from '../children.ts'
import type { DocumentKind } from '../documents.ts'
import type { Captured } from '../load/messages.ts'
import type { Place } from '../place.ts'
import { type Subject, subjectOf } from '../subject.ts'
import type { Listening } from './listen.ts'

export const SIGNET = 'Signet'
export const PEERS = ['oidc-provider', 'OpenAuth']

const MAINS: Readonly<Record<string, string>> = {
  [SIGNET]: 'signet.ts',
  'oidc-provider': 'oidc-provider.ts',
  OpenAuth: 'openauth.ts',
}

export async function startNodeSubjects(place: Place): Promise<Subject[]> {
  const subjects: Subject[] = []
  for (const [name, main] of Object.entries(MAINS)) {
    subjects.push(await startNodeSubject(place, name, main))
  }
  return subjects
}

async function startNodeSubject(
  { cores, load }: Place,
  name: string,
  main: string,
): Promise<Subject> {
  const command = [process.execPath, fileURLToPath(new URL(main, import.meta.url))]
  const child = startChild({ name, pin: cores.server, command, channel: 'ipc' })
  const { port, paths } = (await firstMessage(child)) as Listening
  return subjectOf(load, name, async (kind) => {
    const captured = await load.capture(port, paths[kind])
    assertIsDocument(name, kind, captured)
    return { port, pid: child.pid, asked: [askedPath(paths[kind], captured.body)] }
  })
}

/** Throws unless it is what it should be: an error page is quickly answered too. */
function assertIsDocument(name: string, kind: DocumentKind, { head, body }: Captured): void {
  const document = head.startsWith('HTTP/1.1 200 ') ? (JSON.parse(body) as unknown) : undefined
  const member =
    typeof document === 'object' && document !== null
      ? (Reflect.get(document, kind === 'discovery' ? 'jwks_uri' : 'keys') as unknown)
      : undefined
  const isRight =
    kind === 'discovery' ? typeof member === 'string' : Array.isArray(member) && member.length === 1
  if (!isRight) throw new Error(`${name} does not answer with its ${kind}:\n${head}\n${body}`)
}
