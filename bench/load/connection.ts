/**
 * One keep-alive connection of the load: sends a request, reads its answer, one at a time.
 *
 * Reads what the servers under measure send: HTTP/1.1 with a Content-Length. Anything else fails the bench, so that no
 * answer is counted that nobody understood.
 */

import { connect } from 'node:net'
import { HOST_NAME } from '../host-name.ts'
import type { AskedPost } from './messages.ts'

export interface Answer {
  /** Status line and headers, without the empty line. */
  readonly head: string
  /** Valid only while the answer is handled: the buffer is used again. */
  readonly body: Buffer
}

export interface Connection {
  /** `request`: the bytes of a whole request, as Latin-1. */
  send(request: string): void
  close(): void
}

export interface ConnectionOptions {
  readonly port: number
  readonly onAnswer: (answer: Answer) => void
  readonly onProblem: (problem: Error) => void
}

const BUFFER_BYTES = 65_536
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i

export function requestText(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${HOST_NAME}\r\n\r\n`
}

export function postText({ path, contentType, body }: AskedPost): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${HOST_NAME}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${body.length}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

/** Resolves once it is connected. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { port, onAnswer, onProblem } = options
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  let rest: Buffer | undefined
  let closed = false

  function fail(problem: Error): void {
    if (!closed) onProblem(problem)
  }

  function read(chunk: Buffer): void {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk])
    const answer = parseAnswer(bytes)
    if (answer === undefined) {
      rest = Buffer.from(bytes)
      return
    }
    rest = undefined
    onAnswer(answer)
  }

  const { promise, resolve, reject } = Promise.withResolvers<Connection>()
  const socket = connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer,
      callback: (byteCount) => {
        try {
          read(buffer.subarray(0, byteCount))
        } catch (cause) {
          fail(cause as Error)
        }
        return true
      },
    },
  })
  socket.on('error', (error) => {
    reject(error)
    fail(error)
  })
  socket.on('end', () => fail(new Error('the server closed a connection')))
  socket.on('connect', () =>
    resolve({
      send: (request) => void socket.write(request, 'latin1'),
      close: () => {
        closed = true
        socket.destroy()
      },
    }),
  )
  return promise
}

/** `undefined` while bytes are missing. Throws on what is not an answer of this form. */
function parseAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const length = CONTENT_LENGTH.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without Content-Length:\n${head}`)
  const bodyEnd = headEnd + 4 + Number(length)
  if (bytes.length < bodyEnd) return undefined
  if (bytes.length > bodyEnd) throw new Error(`more bytes than Content-Length says:\n${head}`)
  return { head, body: bytes.subarray(headEnd + 4, bodyEnd) }
}
