/**
 * Miniflare's own HTTP server, closed to everyone.
 *
 * Beside the Worker's port Miniflare listens on a second one, for its simulators to call back. It checks no credential,
 * no `Host` and no `Origin`, and writes files where it is told to: a web page, or another user of the machine, could use
 * it. Nothing that runs here needs it, so it answers 404 to everything.
 */

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Server, type ServerResponse } from 'node:http'

/** Emitted for every server of this process before it listens. */
const LISTEN_CHANNEL = 'tracing:net.server.listen:asyncStart'

/**
 * Resolves with `start`. Every HTTP server that was made meanwhile answers nothing but 404. `isClosed`: whether there was
 * one, since a tool that made it in another way would leave it open.
 */
export async function withoutOwnServers<T>(
  start: () => Promise<T>,
): Promise<{ readonly started: T; readonly isClosed: boolean }> {
  let isClosed = false
  const close = (message: unknown): void => {
    const { server } = message as { readonly server: unknown }
    if (!(server instanceof Server)) return
    answerNothing(server)
    isClosed = true
  }
  subscribe(LISTEN_CHANNEL, close)
  try {
    const started = await start()
    return { started, isClosed }
  } finally {
    unsubscribe(LISTEN_CHANNEL, close)
  }
}

function answerNothing(server: Server): void {
  server.removeAllListeners('request')
  server.removeAllListeners('upgrade')
  server.on('request', (_request, response: ServerResponse) => {
    response.writeHead(404, { Connection: 'close' }).end()
  })
}
