/**
 * The bare handlers in `workerd serve`: one a document, so that not even the path is read.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ByKind, byKind, DOCUMENT_KINDS, type DocumentKind } from '../documents.ts'
import type { Captured } from '../load/messages.ts'
import type { Place } from '../place.ts'
import { bareHandler, isSameAnswer } from './bare-handler.ts'
import { bareConfig } from './config.ts'
import { startWorkerd } from './start-workerd.ts'
import type { Server } from './worker-server.ts'

const CONFIG = 'bare.capnp'

/** Rejects when one does not answer as was captured. */
export async function startBareHandlers(
  { directory, cores, load }: Place,
  name: string,
  captured: ByKind<Captured>,
): Promise<ByKind<Server>> {
  for (const kind of DOCUMENT_KINDS) {
    await writeFile(join(directory, moduleOf(kind)), bareHandler(captured[kind]))
  }
  const modules = DOCUMENT_KINDS.map(moduleOf)
  const config = join(directory, CONFIG)
  await writeFile(config, bareConfig(modules))
  const { pid, ports } = await startWorkerd({
    name,
    pin: cores.server,
    config,
    socketCount: modules.length,
  })
  return byKind(async (kind) => {
    const port = ports.get(moduleOf(kind)) ?? 0
    if (!isSameAnswer(await load.capture(port, '/'), captured[kind])) {
      throw new Error(`the bare handler of ${kind} does not answer as the Worker does`)
    }
    return { pid, port }
  })
}

function moduleOf(kind: DocumentKind): string {
  return kind === 'discovery' ? 'bare-discovery.js' : 'bare-jwk-set.js'
}
