/**
 * Whether a port is free, asked before the runtime is started: it would answer a taken one with a C++ stack.
 */

import { once } from 'node:events'
import { createServer } from 'node:net'
import { usageError } from '../exit.ts'

/** Rejects with a sentence where nothing can listen on 127.0.0.1 at `port`. */
export async function assertPortIsFree(port: number): Promise<void> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why =
      code === 'EADDRINUSE'
        ? 'is taken by another program'
        : `cannot be used (${code ?? 'unknown'})`
    throw usageError(
      `port ${port} of 127.0.0.1 ${why}: stop that program, or give another --port (with another --state once issuers exist)`,
      { cause },
    )
  }
  server.close()
  await once(server, 'close')
}
