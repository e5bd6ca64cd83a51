import { chmod, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { answeringHost } from '../support/answering-host.ts'
import { signet, temporaryDirectory } from '../support/signet.ts'

const TOKEN = 'marked-header.marked-claims.marked-signature'
const EMPTY_LIST = '{"issuers":[],"next":null}'
const directory = await temporaryDirectory()
const tokenFile = join(directory.path, 'token')
await writeFile(tokenFile, `${TOKEN}\n`)

afterAll(() => directory[Symbol.asyncDispose]())

function list(
  url: string,
  file: string,
  ...more: string[]
): Promise<Awaited<ReturnType<typeof signet>>> {
  return signet(['issuer', 'list', '--json', '--url', url, '--token-file', file, ...more])
}

test('a token is read for each command, from a file that others may read', async () => {
  await using host = await answeringHost(200, EMPTY_LIST)
  // As a kubelet mounts it: a link, and nobody's own.
  const mounted = join(directory.path, 'mounted')
  await symlink(tokenFile, mounted)
  await chmod(tokenFile, 0o644)
  expect(await list(host.url, mounted)).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' })
  await writeFile(tokenFile, 'renewed.token.here')
  expect(await list(host.url, mounted)).toMatchObject({ code: 0 })
  await writeFile(tokenFile, TOKEN)
  expect(host.seen.map((request) => request.split(' ').at(-1))).toEqual([
    TOKEN,
    'renewed.token.here',
  ])
})

test('a token is taken from standard input', async () => {
  await using host = await answeringHost(200, EMPTY_LIST)
  const args = ['issuer', 'list', '--url', host.url, '--token-file', '-']
  expect(await signet(args, { input: TOKEN })).toMatchObject({ code: 0 })
  expect(host.seen).toEqual([expect.stringContaining(`Bearer ${TOKEN}`)])
})

describe('a command line is refused', () => {
  test.each<[string, string[], string]>([
    [
      'with --token-file alone',
      ['--token-file', 'STATE/token'],
      '--token-file is for the installation at --url: give both',
    ],
    [
      'with a secret too',
      ['--url', 'https://a.example', '--token-file', 'STATE/token', '--secret-file', 'b'],
      '--secret-file and --token-file are two credentials: give one of them',
    ],
    [
      'with both and no URL',
      ['--token-file', 'STATE/token', '--secret-file', 'b'],
      'give one of them',
    ],
    [
      'with a local state',
      ['--state', 'STATE', '--token-file', 'STATE/token'],
      '--state names a local installation: leave out --url and --token-file',
    ],
    [
      'with plain http to elsewhere',
      ['--url', 'http://a.example', '--token-file', 'STATE/token'],
      '--url must be an https URL',
    ],
    [
      'with a file that there is not',
      ['--url', 'https://a.example', '--token-file', 'STATE/none'],
      'cannot be read (ENOENT)',
    ],
    [
      'with a file that holds no token',
      ['--url', 'https://a.example', '--token-file', 'STATE/secret'],
      'secret: it must be one JWT',
    ],
    [
      'with the token itself',
      ['--url', 'https://a.example', '--token-file', TOKEN],
      'a token is not given as an argument',
    ],
  ])('%s', async (_title, args, sentence) => {
    await writeFile(join(directory.path, 'secret'), 'marked-secret-that-is-no-token')
    const own = args.map((arg) => arg.replace('STATE', directory.path))
    const { code, stdout, stderr } = await signet(['issuer', 'list', ...own])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('marked')
  })
})

describe('the refusal of a host', () => {
  test.each<[string, number, object, string]>([
    [
      'of the token',
      401,
      { error: 'invalid_token', error_description: 'the token has expired: get a new one' },
      'does not take this token (the token has expired: get a new one): check --token-file, and that its CONTROL_TRUST has the issuer of the token',
    ],
    ['without a word', 401, {}, 'does not take this token (it does not say why)'],
    [
      'of the action',
      403,
      { error: 'insufficient_scope', error_description: 'the token opens no read here' },
      'signet: the token opens no read here',
    ],
    [
      'that has no control API',
      404,
      { error: 'not_found', error_description: 'there is no such document' },
      'check --url, and that CONTROL_TRUST is configured there',
    ],
  ])('%s', async (_title, status, body, sentence) => {
    await using host = await answeringHost(status, JSON.stringify(body))
    const { code, stdout, stderr } = await list(host.url, tokenFile)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('marked')
  })
})
