import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Finished,
  freePort,
  type RunningDev,
  signet,
  startDev,
  temporaryDirectory,
} from '../support/signet.ts'

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
  return signet(args, input === undefined ? {} : { input })
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Random and local parts replaced, so that the rest can be compared. */
function stable(text: string): string {
  return text
    .replaceAll(url, 'URL')
    .replaceAll(/[\w-]{43}/g, 'KID')
    .replaceAll(/\b\d{10}\b/g, 'SECONDS')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \([^)]*\)/g, 'MOMENT')
    .replaceAll(/times in \S+$/gm, 'times in ZONE')
    .replaceAll(/^[\w-]{8}\.\./gm, 'KIDSTART..')
    .replaceAll(/\d{4}-\d\d-\d\d( +)\d{4}-\d\d-\d\d$/gm, 'DATE$1DATE')
    .replaceAll(/^KID .*$/gm, (line) => line.replaceAll(/ {2,}/g, '  '))
    .replaceAll(/ +$/gm, '')
}

describe('issuer', () => {
  test('create and show print the same issuer, for people and as JSON', async () => {
    const options = '--algorithm ES256 --rotation-period 7d --token-ttl-max 1h --jwks-max-age 5m'
    const created = await run(`issuer create eu ${options}`)
    expect(created).toMatchObject({ code: 0, stderr: 'Created issuer eu.\n' })
    await expect(stable(created.stdout)).toMatchFileSnapshot('../golden/cli/issuer-show.txt')
    expect(stable((await run('issuer show eu')).stdout)).toBe(stable(created.stdout))
    const json = await run('issuer show eu --json')
    await expect(stable(json.stdout)).toMatchFileSnapshot('../golden/cli/issuer-show.json')
  })

  test('list shows every issuer, more than a page of them, on standard output alone', async () => {
    const ids = Array.from({ length: 27 }, (_, index) => `many-${index}`)
    const secret = await readFile(join(directory.path, 'control-secret'), 'utf8')
    for (const id of ids) {
      const created = await fetch(`${url}/control/issuers`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${secret.trim()}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ id, policy: { algorithm: 'ES256' } }),
      })
      expect(created.status).toBe(201)
    }
    const { stdout, stderr } = await run('issuer list --json')
    const listed = (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)
    expect(listed).toEqual(expect.arrayContaining(ids))
    expect(listed).toEqual(listed.toSorted())
    expect(stderr).toBe('')
  })

  test('update changes the policy, delete wants --yes and is for ever', async () => {
    await run('issuer create short-lived --algorithm ES256')
    const updated = await run('issuer update short-lived --token-ttl-max 30m --json')
    expect(JSON.parse(updated.stdout)).toMatchObject({
      revision: 2,
      policy: { tokenTtlMaxSeconds: 1800 },
    })
    const asked = await run('issuer delete short-lived')
    expect(asked).toMatchObject({ code: 2, stdout: '' })
    expect(asked.stderr).toContain('cannot be taken back: repeat the command with --yes')
    expect((await run('issuer show short-lived')).code).toBe(0)
    const deleted = await run('issuer delete short-lived --yes --reason moved --json')
    expect(JSON.parse(deleted.stdout)).toMatchObject({ id: 'short-lived', reason: 'moved' })
    expect(await run('issuer show short-lived')).toMatchObject({
      code: 1,
      stderr: 'signet: issuer short-lived was deleted, and its id is never given again\n',
    })
    const again = await run('issuer create short-lived')
    expect(again.stderr).toContain('was deleted, and its id is never given again')
  })
})

test('keys list prints the ring, for people and as JSON', async () => {
  await run('issuer create listed --algorithm ES256')
  await run('keys rotate listed')
  const { stdout } = await run('keys list listed')
  await expect(stable(stdout)).toMatchFileSnapshot('../golden/cli/keys-list.txt')
  const json = await run('keys list listed --json')
  await expect(stable(json.stdout)).toMatchFileSnapshot('../golden/cli/keys-list.json')
})

describe('token', () => {
  const mint =
    'token mint demo --namespace default --service-account demo --audience sts.amazonaws.com'

  test('mint prints the bare token alone, which inspect takes through a pipe', async () => {
    const minted = await run(`${mint} --uid 1234 --ttl 15m --claims {"team":"a"}`)
    expect(minted.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(minted.stderr).not.toContain(minted.stdout.trim())
    const claims = decodeJwt(minted.stdout)
    expect(claims).toMatchObject({
      iss: `${url}/demo`,
      sub: 'system:serviceaccount:default:demo',
      aud: ['sts.amazonaws.com'],
      team: 'a',
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'demo', uid: '1234' } },
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900)

    const inspected = await run(
      'token inspect --verify --audience sts.amazonaws.com --json',
      minted.stdout,
    )
    expect(JSON.parse(inspected.stdout)).toMatchObject({ claims, verified: true })
    const shown = await run('token inspect --verify', minted.stdout)
    expect(shown.stdout).toMatch(
      /^verified {2}yes {2}discovery → JWK Set → signature, iss, exp, aud not compared/,
    )
  })

  test('inspect reads a file, and does not verify unless told to', async () => {
    const { stdout } = await run(mint)
    const file = join(directory.path, 'token')
    await writeFile(file, stdout)
    const inspected = await run(`token inspect ${file} --json`)
    expect(JSON.parse(inspected.stdout)).toMatchObject({ verified: null })
  })

  test('inspect --verify refuses a changed token, another audience, a foreign key', async () => {
    const [header, , signature] = (await run(mint)).stdout.trim().split('.')
    const claims = part({ iss: `${url}/demo`, sub: 'a', aud: 'a', exp: 9e9, iat: 1 })
    const changed = `${header}.${claims}.${signature}`
    const refused = await run('token inspect --verify --json', changed)
    const sentence = 'a relying party refuses the token: signature verification failed'
    expect(refused).toMatchObject({ code: 1, stderr: `signet: ${sentence}\n` })
    expect(JSON.parse(refused.stdout)).toMatchObject({ verified: false, verdict: sentence })
    const other = await run('token inspect --verify --audience other', (await run(mint)).stdout)
    expect(other.code).toBe(1)
    expect(other.stderr).toContain('unexpected "aud" claim value')
    expect(other.stdout).toMatch(/^verified {2}no {2}/)
  })

  test('inspect escapes what would steer a terminal', async () => {
    const hostile = `${part({ alg: 'RS256' })}.${part({ sub: '\u001B[2J\u009B\u202Egone', verified: 'yes' })}.AA`
    const people = await run('token inspect', hostile)
    expect(people.stdout).toContain(String.raw`\u{1b}[2J\u{9b}\u{202e}gone`)
    expect(people.stdout).toMatch(/^verified {2}unknown {2}not asked for: give --verify\n/)
    const { stdout } = await run('token inspect --json', hostile)
    expect(stdout).toContain(String.raw`\u001b[2J\u009b\u202egone`)
  })

  test.each([
    ['refuses no token', 'token inspect', '', 'there is no token in standard input: it is empty'],
    ['refuses two tokens', 'token inspect', 'a.b.c d.e.f', 'line breaks or spaces inside'],
    [
      'refuses a token that is not JSON',
      'token inspect',
      'a.b.c',
      'its header or claims are not JSON',
    ],
    [
      'refuses a token as an argument',
      'token inspect a.b.c',
      '',
      'a token is not given as an argument',
    ],
    [
      'refuses a missing file',
      'token inspect nowhere',
      '',
      'the file nowhere cannot be read (ENOENT)',
    ],
    [
      'refuses --audience alone',
      'token inspect --audience a',
      'a.b.c',
      '--audience is checked by --verify',
    ],
    [
      'refuses nobody',
      'token mint demo --audience a',
      '',
      'the token must speak of one subject, got neither',
    ],
    ['refuses two subjects', `${mint} --subject a`, '', 'give either --subject, or --namespace'],
    [
      'refuses half a service account',
      'token mint demo --audience a --namespace b',
      '',
      'give either',
    ],
    [
      'refuses claims that are no object',
      `${mint} --claims []`,
      '',
      '--claims must be a JSON object',
    ],
    [
      'refuses a strange duration',
      `${mint} --ttl 1w`,
      '',
      'a duration must be a whole number with s, m, h or d',
    ],
    [
      'refuses a missing audience',
      'token mint demo --subject a',
      '',
      "required option '--audience",
    ],
    ['refuses an unknown option', 'issuer list --jsn', '', '(Did you mean --json?)'],
    ['refuses an unknown command', 'issuer lst', '', '(Did you mean list?)'],
    [
      'refuses an unknown algorithm',
      'issuer create a --algorithm PS256',
      '',
      '--algorithm must be one of RS256, ES256, got',
    ],
  ])('%s', async (_title, command, input, sentence) => {
    const { code, stdout, stderr } = await run(command, input)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('    at ')
  })

  test.each([
    ['refuses a lifetime over the maximum', `${mint} --ttl 2d`, 'ttlSeconds must be at most 86400'],
    ['refuses a registered claim', `${mint} --claims {"exp":1}`, 'claims.exp must not be given'],
    [
      'refuses an issuer that is not there',
      'token mint nope --audience a --subject b',
      'there is no issuer nope',
    ],
    ['refuses an id that is taken', 'issuer create demo', 'issuer demo exists already'],
    [
      'refuses a broken relation',
      'issuer create a --propagation-delay 1m',
      'propagationDelaySeconds must be at least',
    ],
  ])('%s, in the words of the host', async (_title, command, sentence) => {
    const { code, stdout, stderr } = await run(command)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
  })
})
