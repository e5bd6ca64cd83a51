import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { answeringHost } from '../support/answering-host.ts'
import { freePort, signet, temporaryDirectory } from '../support/signet.ts'

const SECRET = 'marked-secret-0123456789abcdefghijklmnop'
const directory = await temporaryDirectory()
const secretFile = join(directory.path, 'secret')
await writeFile(secretFile, `${SECRET}\n`, { mode: 0o600 })

afterAll(() => directory[Symbol.asyncDispose]())

describe('a command line that names no host', () => {
  test.each([
    [
      'refuses a state that was never started',
      ['--state', 'STATE/none'],
      'no local installation has been started',
    ],
    [
      'refuses --url alone where nothing names a region',
      ['--url', 'https://a.example'],
      '--url alone is signed for AWS, and this host names no region',
    ],
    [
      'refuses --secret-file alone',
      ['--secret-file', 'STATE/secret'],
      '--secret-file is the secret of the installation at --url: give both',
    ],
    [
      'refuses --state beside --url',
      ['--state', 'a', '--url', 'https://a.example', '--secret-file', 'b'],
      '--state names a local installation',
    ],
    ...[
      'http://a.example',
      'https://a.example?b',
      'https://a.example ',
      'https:\\\\a.example',
      'https:a.example',
      'https://a.exa\tmple',
      'a.example',
    ].map((url): [string, string[], string] => [
      `refuses ${JSON.stringify(url)}`,
      ['--url', url, '--secret-file', 'STATE/secret'],
      '--url must be an https URL',
    ]),
    [
      'refuses a missing secret file',
      ['--url', 'https://a.example', '--secret-file', 'STATE/none'],
      'cannot be opened (ENOENT)',
    ],
  ])('%s', async (_title, args, sentence) => {
    const own = args.map((arg) => arg.replace('STATE', directory.path))
    const env = { AWS_REGION: '', AWS_DEFAULT_REGION: '' }
    const { code, stdout, stderr } = await signet(['issuer', 'list', ...own], { env })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain(SECRET)
  })
})

describe('a secret file', () => {
  test.each([[0o640], [0o604], [0o620], [0o601]])('refuses mode %o', async (mode) => {
    const file = join(directory.path, `mode-${mode}`)
    await writeFile(file, SECRET)
    await chmod(file, mode)
    const { code, stderr } = await signet([
      'issuer',
      'list',
      '--url',
      'https://a.example',
      '--secret-file',
      file,
    ])
    expect(code).toBe(2)
    expect(stderr).toContain(
      `must be its owner's alone, its mode is ${mode.toString(8)}: run "chmod 600`,
    )
  })

  test.each([
    ['refuses an empty one', ''],
    ['refuses a short one', 'short'],
    ['refuses several words', `${SECRET} ${SECRET}`],
    ['refuses a large one', 'a'.repeat(5000)],
  ])('%s', async (_title, text) => {
    const file = join(directory.path, `text-${text.length}`)
    await writeFile(file, text, { mode: 0o600 })
    const { code, stderr } = await signet([
      'issuer',
      'list',
      '--url',
      'https://a.example',
      '--secret-file',
      file,
    ])
    expect(code).toBe(2)
    expect(stderr).toContain(
      'must hold one secret of at least 32 visible ASCII characters and nothing else',
    )
  })

  test('that others can read refuses the commands of a local installation too', async () => {
    const state = join(directory.path, 'state')
    await mkdir(state, { mode: 0o700 })
    const file = join(state, 'control-secret')
    await writeFile(file, SECRET)
    await chmod(file, 0o644)
    const installation = {
      version: 1,
      url: 'http://127.0.0.1:1',
      controlSecretFile: 'control-secret',
    }
    await writeFile(join(state, 'dev.json'), JSON.stringify(installation))
    const { code, stderr } = await signet(['issuer', 'list', '--state', state])
    expect(code).toBe(2)
    expect(stderr).toContain('its mode is 644')
  })
})

async function plant(name: string, mode: number, installation: object): Promise<string> {
  const state = join(directory.path, name)
  await mkdir(state)
  await chmod(state, mode)
  await writeFile(join(state, 'control-secret'), SECRET, { mode: 0o600 })
  await writeFile(join(state, 'dev.json'), JSON.stringify(installation))
  return state
}

describe('a state directory that somebody else could have written', () => {
  test('is refused, and no secret is sent', async () => {
    await using host = await answeringHost(200, '{}')
    const installation = { version: 1, url: host.url, controlSecretFile: secretFile }
    const state = await plant('open', 0o755, installation)
    const { code, stderr } = await signet(['issuer', 'list', '--state', state])
    expect(code).toBe(2)
    expect(stderr).toContain("must be its owner's alone, its mode is 755")
    expect(host.seen).toEqual([])
  })

  test.each([
    ['another machine', 'http://evil.invalid'],
    ['another address of this one', 'http://127.1.2.3:9'],
    ['https', 'https://127.0.0.1'],
    ['a path', 'http://127.0.0.1:1/x'],
    ['nothing', 'nope'],
  ])('is refused when it names %s', async (name, url) => {
    const state = await plant(`url-${name.replaceAll(' ', '-')}`, 0o700, {
      version: 1,
      url,
      controlSecretFile: 'control-secret',
    })
    const { code, stderr } = await signet(['issuer', 'list', '--state', state])
    expect(code).toBe(2)
    expect(stderr).toContain('dev.json cannot be read as Signet wrote it')
  })

  test('never chooses the secret: only its own is read', async () => {
    await using host = await answeringHost(200, '{"issuers":[],"next":null}')
    const other = join(directory.path, 'other-secret')
    await writeFile(other, `other-${SECRET}`, { mode: 0o600 })
    const installation = { version: 1, url: host.url, controlSecretFile: other }
    const state = await plant('chosen', 0o700, installation)
    expect((await signet(['issuer', 'list', '--state', state])).code).toBe(0)
    expect(host.seen).toEqual([`/control/issuers Bearer ${SECRET}`])
  })
})

test('is found in a folder above, as git finds its own', async () => {
  await using host = await answeringHost(200, '{"issuers":[],"next":null}')
  const state = join(directory.path, 'above/.signet')
  const below = join(directory.path, 'above/a/b')
  await mkdir(below, { recursive: true })
  await mkdir(state, { mode: 0o700 })
  await writeFile(join(state, 'control-secret'), SECRET, { mode: 0o600 })
  const installation = { version: 1, url: host.url, controlSecretFile: 'control-secret' }
  await writeFile(join(state, 'dev.json'), JSON.stringify(installation))
  expect((await signet(['issuer', 'list'], { cwd: below })).code).toBe(0)
  expect(host.seen).toHaveLength(1)
})

test('refuses a state whose description cannot be read', async () => {
  const state = join(directory.path, 'broken')
  await mkdir(state, { mode: 0o700 })
  await writeFile(join(state, 'dev.json'), '{"version":2}')
  const { code, stderr } = await signet(['issuer', 'list', '--state', state])
  expect(code).toBe(2)
  expect(stderr).toContain('dev.json cannot be read as Signet wrote it')
})

describe('a host', () => {
  test('that does not answer ends with 3', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, stderr } = await signet([
      'issuer',
      'list',
      '--url',
      url,
      '--secret-file',
      secretFile,
    ])
    expect(code).toBe(3)
    expect(stderr).toBe(
      `signet: no Signet answers at ${url} (ECONNREFUSED): start it (locally with "npm start"), or check --url\n`,
    )
  })

  test.each([
    ['refuses the secret', 401, '{}', 'does not take this control secret'],
    [
      'has no control API',
      404,
      '{"error":"not_found","error_description":"x"}',
      "does not answer as Signet's control API (status 404)",
    ],
    ['answers with a page', 200, '<html>', "does not answer as Signet's control API (status 200)"],
    ['redirects', 302, '', "does not answer as Signet's control API (status 302)"],
    [
      'answers with something else',
      200,
      '{}',
      "does not answer as Signet's control API (status 200)",
    ],
    ['answers without end', 200, `{"a":"${'a'.repeat(2_000_000)}"}`, '(status 200)'],
    [
      'has pages that go round',
      200,
      '{"issuers":[],"next":"a"}',
      'the list of issuers does not end',
    ],
    [
      'would steer a terminal',
      400,
      JSON.stringify({ error: 'x', error_description: '\u001B[2J\u009B1m\u202Ehello\nsigned' }),
      String.raw`signet: \u{1b}[2J\u{9b}1m\u{202e}hello\u{a}signed`,
    ],
  ])('that %s is said to', async (_title, status, body, sentence) => {
    await using host = await answeringHost(status, body)
    const args = ['issuer', 'list', '--url', host.url, '--secret-file', secretFile]
    const { code, stdout, stderr } = await signet(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain(SECRET)
    expect(host.seen.every((request) => request.startsWith('/control/issuers'))).toBe(true)
  })

  test('that answers a mint with no token gives none', async () => {
    await using host = await answeringHost(201, '{"token":"\u001B[2J"}')
    const mint = ['token', 'mint', 'a', '--audience', 'b', '--subject', 'c']
    const minted = await signet([...mint, '--url', host.url, '--secret-file', secretFile])
    expect(minted).toMatchObject({ code: 1, stdout: '' })
  })
})

test('--help says what the exit codes mean, --version which version it is', async () => {
  const help = await signet(['--help'])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('3   the host does not answer')
  expect((await signet(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})
