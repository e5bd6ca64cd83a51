import type { KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AdoptableKey, readAdoptableKeys } from '../../src/adoption/adoptable-key.ts'
import { controlClient } from '../../src/cli/host/control-client.ts'
import { answeringHost } from '../support/answering-host.ts'
import {
  type Finished,
  freePort,
  type RunningDev,
  signet,
  startDev,
  temporaryDirectory,
} from '../support/signet.ts'
import { clusterSet, ec, pemOf, rsa } from './cluster-keys.ts'
import { signetHere } from './in-process.ts'

const directory = await temporaryDirectory()
const port = await freePort()
const url = `http://127.0.0.1:${port}`
let dev: RunningDev

beforeAll(async () => {
  dev = await startDev(['--port', String(port), '--state', directory.path, '--json'])
  await dev.rotated
}, 30_000)
afterAll(async () => {
  await dev.stop()
  await directory[Symbol.asyncDispose]()
})

function run(command: string, input?: string): Promise<Finished> {
  const args = [...command.split(' '), '--state', directory.path]
  return signetHere(args, input === undefined ? {} : { input })
}

/** Random and local parts replaced, so that the rest can be compared. */
function stable(text: string): string {
  return text
    .replaceAll(url, 'URL')
    .replaceAll(directory.path, 'STATE')
    .replaceAll(/[\w-]{43}/g, 'KID')
    .replaceAll(/\b\d{10}\b/g, 'SECONDS')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \([^)]*\)/g, 'MOMENT')
    .replaceAll(/^KID.*$/gm, (line) => line.replaceAll(/ {2,}/g, '  '))
    .replaceAll(/ +$/gm, '')
}

describe('an issuer that only publishes', () => {
  test('is created without a key, and says how it gets one, as a shell takes it', async () => {
    const created = await run('issuer create publishing --publish-only --jwks-max-age 5m')
    expect(created.code).toBe(0)
    await expect(stable(created.stdout)).toMatchFileSnapshot('../golden/cli/publish-only.txt')
    const hint = `It publishes no key yet: kubectl get --raw /openid/v1/jwks | npx signet keys adopt publishing - --state ${directory.path}\n`
    expect(created.stderr).toBe(`Created issuer publishing.\n${hint}`)
    expect(await run('keys list publishing')).toEqual({ code: 0, stdout: '', stderr: hint })
    const json = await run('keys list publishing --json')
    expect(json).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject({
      id: 'publishing',
      revision: 1,
      status: 'no_published_key',
      keys: [],
    })
    expect(await run('token mint publishing --audience a --subject b')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('signet: issuer publishing only publishes'),
    })
  })

  test('takes the set of its cluster, and a token of the cluster verifies through it', async () => {
    await run('issuer create trusted --publish-only')
    const adopted = await signet(['keys', 'adopt', 'trusted', '-', '--state', directory.path], {
      input: await clusterSet(rsa[0].publicKey),
    })
    expect(adopted).toMatchObject({ code: 0, stderr: 'Adopted for trusted: 1 key (1 new).\n' })
    const shown = await run('issuer show trusted')
    expect(shown.stderr).toBe('')
    await expect(stable(shown.stdout)).toMatchFileSnapshot('../golden/cli/publish-only-adopted.txt')
    const json = await run('issuer show trusted --json')
    await expect(stable(json.stdout)).toMatchFileSnapshot('../golden/cli/publish-only-adopted.json')
    const [{ kid = '' } = {}] = (JSON.parse(json.stdout) as { keys: { kid?: string }[] }).keys
    const token = await new SignJWT({ sub: 'a' })
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(rsa[0].privateKey)
    const published = await (await fetch(`${url}/trusted/.well-known/jwks.json`)).json()
    expect(await jwtVerify(token, createLocalJWKSet(published))).toMatchObject({
      payload: { sub: 'a' },
    })
  })

  test('must have at least one key, in the words of the host', async () => {
    await run('issuer create needy --publish-only')
    const { code, stderr } = await run('keys adopt needy', '{"keys":[]}')
    expect(code).toBe(1)
    expect(stderr).toContain('issuer needy publishes adopted keys alone, so its set must have')
  })
})

describe('keys adopt', () => {
  test('adds, keeps, withdraws and takes back, beside the own keys, and says so', async () => {
    await run('issuer create both --algorithm ES256')
    const [first, second] = [await clusterSet(rsa[0].publicKey), await clusterSet(rsa[1].publicKey)]
    expect((await run('keys adopt both', first)).stderr).toBe('Adopted for both: 1 key (1 new).\n')
    const exchanged = await run('keys adopt both -', second)
    expect(stable(exchanged.stderr)).toBe(
      'Adopted for both: 1 key (1 new).\nWithdrawn, since not in the set: KID; published until MOMENT.\n',
    )
    expect(exchanged.stderr).toMatch(/\(in (1 d|23 h 59 min)\)/)
    await expect(stable(exchanged.stdout)).toMatchFileSnapshot('../golden/cli/keys-adopt.txt')
    expect(stable((await run('keys list both')).stdout)).toContain(
      `\n\n${stable(exchanged.stdout)}\n`,
    )

    const again = await run('keys adopt both - --json', second)
    expect(again.stderr).toBe('Nothing to change: both publishes this set already (1 key).\n')
    await expect(stable(again.stdout)).toMatchFileSnapshot('../golden/cli/keys-adopt.json')
    expect(stable((await run('keys list both --json')).stdout)).toBe(stable(again.stdout))

    const back = await run('keys adopt both', first)
    expect(back.stderr.split('\n')[0]).toBe('Adopted for both: 1 key (1 back in the set).')
  })

  test('withdraws for the retention, and drops with --now', async () => {
    await run('issuer create dropping --algorithm ES256')
    const file = join(directory.path, 'cluster.pem')
    await writeFile(file, `${pemOf(rsa[0].publicKey)}${pemOf(ec.publicKey)}`)
    await run(`keys adopt dropping ${file}`)
    await writeFile(file, pemOf(ec.publicKey))
    const withdrawn = await run(`keys adopt dropping ${file} --retention 7d`)
    expect(withdrawn.stderr).toMatch(/\(in (7 d|6 d 23 h)\)\.\n/)
    const again = await run(`keys adopt dropping ${file}`)
    expect(again.stderr).toBe('Nothing to change: dropping publishes this set already (1 key).\n')
    const shorter = await run(`keys adopt dropping ${file} --retention 1h`)
    expect(shorter.stderr).toMatch(/\(in (1 h|59 min 5\d s)\)\.\n/)
    const dropped = await run(`keys adopt dropping ${file} --now`)
    expect(stable(dropped.stderr)).toBe(
      'Adopted for dropping: 1 key (1 as before).\nDropped, published no longer: KID.\n',
    )
    expect(dropped.stdout).not.toContain('withdrawn')
  })

  test('takes a PEM with the kid that its tokens carry', async () => {
    await run('issuer create named --publish-only')
    const named = await run('keys adopt named - --kid my-cluster.1', pemOf(ec.publicKey))
    expect(named.stdout).toMatch(/^my-cluster\.1 {2}ES384 {2}its cluster {2}adopted {2}/m)
    const other = await run('keys adopt named - --kid my-cluster.1', pemOf(rsa[0].publicKey))
    expect(other).toMatchObject({ code: 1, stdout: '' })
    expect(other.stderr).toContain('has a kid that already names another key of this issuer')
  })

  test.each([
    ['an issuer that is not there', 'nope', 'there is no issuer nope'],
    ['a set that would forge its own keys', 'demo', "is or was this issuer's own key"],
  ])('refuses %s, in the words of the host', async (_title, id, sentence) => {
    const own = await (await fetch(`${url}/demo/.well-known/jwks.json`)).text()
    const { code, stdout, stderr } = await run(`keys adopt ${id} -`, own)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
  })

  test('that decided on an old revision loses, and changes nothing', async () => {
    await run('issuer create raced --algorithm ES256')
    const secret = await readFile(join(directory.path, 'control-secret'), 'utf8')
    const client = controlClient({ url, secret: secret.trim() })
    const [winner, loser] = await Promise.all([
      adoptable(rsa[0].publicKey),
      adoptable(ec.publicKey),
    ])
    const won = await client.adoptKeys('raced', { keys: winner, retentionSeconds: 0 }, 1)
    const lost = client.adoptKeys('raced', { keys: loser, retentionSeconds: 0 }, 1)
    await expect(lost).rejects.toMatchObject({
      exitCode: 1,
      message:
        'issuer raced is at revision 2, the change was for revision 1: read it again and repeat the change',
    })
    expect(await client.listKeys('raced')).toEqual(won)
  })
})

describe('--issuer-url', () => {
  test('is the identifier as it was given, and the host that must lead here is named', async () => {
    const own = 'https://OIDC.example.com/Clusters/eu'
    const created = await run(`issuer create elsewhere --publish-only --issuer-url ${own}`)
    expect(created.stderr).toContain(
      `Its documents are served to requests for oidc.example.com: make that host lead to the public address of the installation, if it does not yet.\n`,
    )
    expect(created.stdout).toContain(`issuer           ${own}\n`)
    const shared = await run(
      'issuer create shared --issuer-url https://oidc.example.com/Clusters/eu',
    )
    expect(shared).toMatchObject({ code: 1, stdout: '' })
    expect(shared.stderr).toContain('is the URL of issuer elsewhere already')
  })

  test('of the installation itself needs no such word', async () => {
    const created = await run(`issuer create nested --publish-only --issuer-url ${url}/a/b`)
    expect(created.stdout).toContain(`issuer           ${url}/a/b\n`)
    expect(created.stderr).not.toContain('lead to')
  })
})

describe('issuer list --deleted', () => {
  test('shows what was deleted, when and why, and nothing else', async () => {
    await run('issuer create gone-a --publish-only')
    await run('issuer create gone-b --publish-only')
    await signetHere([
      'issuer',
      'delete',
      'gone-a',
      '--yes',
      '--reason',
      'moved away',
      '--state',
      directory.path,
    ])
    await run('issuer delete gone-b --yes')
    const people = await run('issuer list --deleted')
    expect(people).toMatchObject({ code: 0, stderr: '' })
    await expect(stable(people.stdout).replaceAll(/ {2,}/g, '  ')).toMatchFileSnapshot(
      '../golden/cli/issuer-list-deleted.txt',
    )
    const json = await run('issuer list --deleted --json')
    await expect(stable(json.stdout)).toMatchFileSnapshot('../golden/cli/issuer-list-deleted.json')
    const { stdout } = await run('issuer list --json')
    expect(stdout).not.toContain('gone-')
  })

  test.each([
    [[], '', 'No issuer was deleted.\n'],
    [['--json'], '[]\n', ''],
  ])('says that there is none with %j', async (args, stdout, stderr) => {
    await using host = await answeringHost(200, '{"issuers":[],"next":null}')
    const target = ['--url', host.url, '--secret-file', join(directory.path, 'control-secret')]
    const none = await signetHere(['issuer', 'list', '--deleted', ...args, ...target])
    expect(none).toEqual({ code: 0, stdout, stderr })
  })
})

test.each([[[]], [['--deleted']]])(
  'issuer list with %j shows those whose document cannot be read, with the problem',
  async (args) => {
    const entry = { id: 'broken', problem: 'its document is broken' }
    await using host = await answeringHost(200, JSON.stringify({ issuers: [entry], next: null }))
    const target = ['--url', host.url, '--secret-file', join(directory.path, 'control-secret')]
    const listed = await signetHere(['issuer', 'list', ...args, ...target])
    expect(listed.stdout).toMatch(/^broken {2}\(its document cannot be read\)$/m)
    expect(listed.stderr).toBe('signet: its document is broken\n')
  },
)

test('keys adopt --help has examples that are read as they are typed', async () => {
  const { stdout } = await signet(['keys', 'adopt', '--help'])
  expect(stdout).toMatch(
    /^ {2}kubectl get --raw \/openid\/v1\/jwks \| npx signet keys adopt prod -$/m,
  )
  const { stdout: list } = await signet(['keys', '--help'])
  expect(list).toContain("publish a cluster's own public keys\n")
})

async function adoptable(key: KeyObject): Promise<readonly AdoptableKey[]> {
  const keys = await readAdoptableKeys(pemOf(key), undefined)
  if (!keys.ok) throw new Error(keys.refusal.message)
  return keys.value
}
