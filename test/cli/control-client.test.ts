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
    ['adopt', (client, id) => client.adoptKeys(id, { keys: [], retentionSeconds: 0 }, 1)],
    ['forecast', (client, id) => client.forecastUpdate(id, {})],
    ['rotate', (client, id) => client.rotate(id, {})],
    ['sweep', (client, id) => client.sweep(id, {})],
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

const unknownPath = '{"error":"not_found","error_description":"no such path"}'

describe('a host of version 0.1', () => {
  const ring = { kid: 'a', alg: 'RS256', custody: 'sealed', status: 'active', publishedAt: 1 }

  test('has keys of its own alone', async () => {
    const answer = { id: 'prod', revision: 1, keys: [ring] }
    await using host = await answeringHost(200, JSON.stringify(answer))
    const keys = await controlClient({ url: host.url, secret }).listKeys('prod')
    expect(keys).toEqual({ ...answer, keys: [{ origin: 'own', ...ring }] })
  })

  test('is said to be older where it does not know adoption', async () => {
    await using host = await answeringHost(404, unknownPath)
    const client = controlClient({ url: host.url, secret })
    const adoption = client.adoptKeys('prod', { keys: [], retentionSeconds: 0 }, 1)
    await expect(adoption).rejects.toMatchObject({
      exitCode: 1,
      message: `the Signet at ${host.url} is older than this command and knows no adopted keys: upgrade it`,
    })
  })

  test.each<[string, (client: ControlClient) => Promise<unknown>]>([
    ['rotation', (client) => client.rotate('prod', {})],
    ['sweep', (client) => client.sweep('prod', {})],
  ])('is said to be older where it does not know %s', async (what, operation) => {
    await using host = await answeringHost(404, unknownPath)
    await expect(operation(controlClient({ url: host.url, secret }))).rejects.toMatchObject({
      exitCode: 1,
      message: `the Signet at ${host.url} is older than this command and knows no ${what}: upgrade it`,
    })
  })

  test('is not said to be older where it does not know a path that there always was', async () => {
    await using host = await answeringHost(404, unknownPath)
    const listed = controlClient({ url: host.url, secret }).listKeys('prod')
    await expect(listed).rejects.toThrow("does not answer as Signet's control API (status 404)")
  })

  test('is said to be older where it lists what there is as deleted', async () => {
    const live = { id: 'a', issuer: 'https://a.example/a', createdAt: 1 }
    await using host = await answeringHost(200, JSON.stringify({ issuers: [live], next: null }))
    const listed = controlClient({ url: host.url, secret }).listDeletedIssuers()
    await expect(listed).rejects.toMatchObject({
      exitCode: 1,
      message: `the Signet at ${host.url} is older than this command and knows no list of deleted issuers: upgrade it`,
    })
  })
})

describe('a list', () => {
  const deleted = { id: 'b', issuer: 'https://a.example/b', deletedAt: 1, reason: 'moved' }
  const unreadable = { id: 'd', problem: 'broken' }

  test('of deleted issuers has several pages, of which some are empty', async () => {
    const pages: Record<string, object> = {
      '/control/issuers?deleted=true': { issuers: [], next: 'a' },
      '/control/issuers?deleted=true&after=a': { issuers: [deleted], next: 'c' },
      '/control/issuers?deleted=true&after=c': { issuers: [unreadable], next: null },
    }
    await using host = await answeringHost(200, (path) => JSON.stringify(pages[path]))
    const listed = await controlClient({ url: host.url, secret }).listDeletedIssuers()
    expect(listed).toEqual([deleted, unreadable])
    expect(host.requests.map(({ path }) => path)).toEqual(Object.keys(pages))
  })

  test.each([
    ['stays where it is', 'b'],
    ['goes back', 'a'],
  ])('that %s is given up', async (_title, second) => {
    await using host = await answeringHost(200, (path) =>
      JSON.stringify({ issuers: [], next: path.includes('after') ? second : 'b' }),
    )
    const listed = controlClient({ url: host.url, secret }).listIssuers()
    await expect(listed).rejects.toThrow('the list of issuers does not end')
    expect(host.requests).toHaveLength(2)
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
