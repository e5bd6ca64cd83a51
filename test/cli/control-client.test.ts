import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ControlClient, controlClient } from '../../src/cli/host/control-client.ts'
import { openTarget } from '../../src/cli/host/target.ts'
import { answeringHost } from '../support/answering-host.ts'
import { freePort, temporaryDirectory } from '../support/signet.ts'

const secret = 'a'.repeat(32)

describe('an id that no issuer can have', () => {
  const mint = { audience: 'a', subject: 'b' }

  test.each<[string, (client: ControlClient, id: string) => Promise<unknown>]>([
    ['create', (client, id) => client.createIssuer({ id })],
    ['show', (client, id) => client.readIssuer(id)],
    ['update', (client, id) => client.updateIssuer(id, { policy: {} })],
    ['delete', (client, id) => client.deleteIssuer(id, undefined)],
    ['list keys', (client, id) => client.listKeys(id)],
    ['mint', (client, id) => client.mintToken(id, mint)],
  ])('is refused by %s before anything is sent', async (_title, operation) => {
    await using host = await answeringHost(404, '{}')
    const client = controlClient({ url: host.url, secret })
    for (const id of ['../healthz', 'a?b', 'Upper', '', 'token']) {
      await expect(operation(client, id)).rejects.toMatchObject({ exitCode: 2 })
    }
    expect(host.seen).toEqual([])
  })
})

describe('an answer', () => {
  test('of the right form is refused when it is too large', async () => {
    const entry = { id: 'a', problem: 'b'.repeat(1_048_576) }
    await using host = await answeringHost(200, JSON.stringify({ issuers: [entry], next: null }))
    const listed = controlClient({ url: host.url, secret }).listIssuers()
    await expect(listed).rejects.toThrow("does not answer as Signet's control API")
  })

  test('loses the members that this version does not know', async () => {
    const entry = { id: 'a', problem: 'b' }
    const answer = { issuers: [{ ...entry, later: 1 }], next: null, later: 2 }
    await using host = await answeringHost(200, JSON.stringify(answer))
    expect(await controlClient({ url: host.url, secret }).listIssuers()).toEqual([entry])
  })
})

describe('a connection', () => {
  test('that breaks leaves a change in doubt, and a question not', async () => {
    await using server = createServer(({ socket }) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const client = controlClient({ url: `http://127.0.0.1:${port}`, secret })
    const doubt = 'and the change may have been made'
    await expect(client.createIssuer({ id: 'a' })).rejects.toThrow(doubt)
    await expect(client.readIssuer('a')).rejects.not.toThrow(doubt)
  })

  test('that is refused leaves nothing in doubt', async () => {
    const client = controlClient({ url: `http://127.0.0.1:${await freePort()}`, secret })
    await expect(client.createIssuer({ id: 'a' })).rejects.toThrow('(ECONNREFUSED): start it')
  })
})

describe('--url', () => {
  test.each([
    ['credentials', 'https://user:word@a.example'],
    ['a fragment', 'https://a.example#b'],
    ['an empty query', 'https://a.example?'],
    ['another scheme', 'ftp://127.0.0.1'],
  ])('is refused with %s, before the secret is read', async (_title, url) => {
    const target = openTarget({ url, secretFile: '/nowhere' })
    await expect(target).rejects.toThrow('--url must be an https URL')
  })

  test('may end with a slash', async () => {
    await using own = await temporaryDirectory()
    await using host = await answeringHost(200, '{"issuers":[],"next":null}')
    const secretFile = join(own.path, 'secret')
    await writeFile(secretFile, secret, { mode: 0o600 })
    const client = await openTarget({ url: `${host.url}/`, secretFile })
    expect(await client.listIssuers()).toEqual([])
    expect(host.seen).toEqual([`/control/issuers Bearer ${secret}`])
  })
})
