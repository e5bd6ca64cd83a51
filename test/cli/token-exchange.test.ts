/**
 * `token exchange` once, with a stand-in for the host.
 */

import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { answeringHost } from '../support/answering-host.ts'
import { finished, type Finished, temporaryDirectory } from '../support/signet.ts'
import {
  ISSUED_CLAIMS,
  issuedBody,
  type TokenStandIn,
  tokenStandIn,
  unsignedJwt,
} from '../support/token-stand-in.ts'
import { awsEnvironment } from './aws-environment.ts'
import { signetHere } from './in-process.ts'

const SUBJECT_TOKEN = unsignedJwt({ iss: 'https://cluster.example', sub: 'marked-subject' })
const ISSUED_TOKEN = unsignedJwt(ISSUED_CLAIMS)

/** As STS answers. */
const STS_ANSWER = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAMARKED</AccessKeyId>
<SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`

let host: TokenStandIn
let directory: Awaited<ReturnType<typeof temporaryDirectory>>
beforeAll(async () => {
  host = await tokenStandIn(() => ({ body: issuedBody() }))
})
afterAll(() => host[Symbol.asyncDispose]())
beforeEach(async () => {
  host.answer = () => ({ body: issuedBody() })
  directory = await temporaryDirectory()
  await writeFile(inside('subject'), `${SUBJECT_TOKEN}\n`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await directory[Symbol.asyncDispose]()
})

function inside(name: string): string {
  return join(directory.path, name)
}

/** `@` at the beginning of a word stands for the directory of the test. */
async function run(args: readonly string[], input = ''): Promise<Finished> {
  const own = args.map((arg) => arg.replace(/^@/, directory.path))
  return signetHere(['token', 'exchange', host.issuer, '--audience', 'a', ...own], { input })
}

function sentForm(): URLSearchParams {
  return new URLSearchParams(host.requests.at(-1)?.body)
}

describe('without --out', () => {
  test('prints the token and nothing else on standard output', async () => {
    expect(await run(['--token-file', '@/subject'])).toEqual({
      code: 0,
      stdout: `${ISSUED_TOKEN}\n`,
      stderr: 'Token of https://oidc.example.com/prod for cluster-a:default:app, expires in 1 h.\n',
    })
    expect(sentForm().get('subject_token')).toBe(SUBJECT_TOKEN)
    expect(sentForm().get('subject_token_type')).toBe('urn:ietf:params:oauth:token-type:jwt')
    expect(sentForm().get('audience')).toBe('a')
  })

  test.each([
    ['-', ['--token-file', '-']],
    ['nothing', []],
  ])('reads standard input for %s', async (_title, args) => {
    expect(await run(args, ` ${SUBJECT_TOKEN}\n`)).toMatchObject({ code: 0 })
    expect(sentForm().get('subject_token')).toBe(SUBJECT_TOKEN)
  })

  test('says which kind of token it sends', async () => {
    await run(['--token-file', '@/subject', '--subject-token-type', 'access_token'])
    expect(sentForm().get('subject_token_type')).toBe(
      'urn:ietf:params:oauth:token-type:access_token',
    )
  })

  test('prints JSON', async () => {
    const { stdout, stderr } = await run(['--token-file', '@/subject', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      token: ISSUED_TOKEN,
      expiresIn: 3600,
      issuedTokenType: 'urn:ietf:params:oauth:token-type:jwt',
      tokenType: 'Bearer',
      alg: 'ES256',
      kid: 'kid-1',
      ...ISSUED_CLAIMS,
    })
    expect(stderr).toBe('')
  })

  test('escapes what would steer a terminal', async () => {
    const token = unsignedJwt({ ...ISSUED_CLAIMS, sub: '\u001B[2Jgone' })
    host.answer = () => ({ body: issuedBody({ access_token: token }) })
    const { stderr } = await run(['--token-file', '@/subject'])
    expect(stderr).toContain(String.raw`for \u{1b}[2Jgone, expires`)
  })
})

describe('with --out', () => {
  test('writes the token, and prints none of it', async () => {
    const { code, stdout, stderr } = await run(['--token-file', '@/subject', '--out', '@/token'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toBe(
      `Token of https://oidc.example.com/prod for cluster-a:default:app written to ${inside('token')}, expires in 1 h.\n`,
    )
    expect(await readFile(inside('token'), 'utf8')).toBe(ISSUED_TOKEN)
    expect((await stat(inside('token'))).mode & 0o777).toBe(0o600)
  })

  test('prints JSON without the token', async () => {
    const { stdout } = await run(['--token-file', '@/subject', '--out', '@/token', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      sub: ISSUED_CLAIMS.sub,
      file: resolve(inside('token')),
    })
    expect(stdout).not.toContain(ISSUED_TOKEN)
  })

  test('keeps the old file where the host refuses', async () => {
    await writeFile(inside('token'), 'old')
    host.answer = () => ({ status: 400, body: '{"error":"invalid_target"}' })
    const refused = await run(['--token-file', '@/subject', '--out', '@/token'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(await readFile(inside('token'), 'utf8')).toBe('old')
    expect(await readdir(directory.path)).toEqual(['subject', 'token'])
  })

  test('keeps the old file, and leaves nothing behind, where the disk is full', async () => {
    await writeFile(inside('token'), 'old')
    const long = unsignedJwt({ ...ISSUED_CLAIMS, padding: 'a'.repeat(5000) })
    host.answer = () => ({ body: issuedBody({ access_token: long }) })
    const args = ['src/cli/main.ts', 'token', 'exchange', host.issuer, '--audience', 'a']
    const files = ['--token-file', inside('subject'), '--out', inside('token')]
    // Files of this shell's children have at most 1 KiB, so that a write ends in the middle.
    const limited = ['-c', 'ulimit -f 1; exec "$@"', 'bash', process.execPath, ...args, ...files]
    expect(await finished('bash', limited)).toEqual({
      code: 2,
      stdout: '',
      stderr: `signet: the file ${inside('token')} cannot be written (EFBIG)\n`,
    })
    expect(await readFile(inside('token'), 'utf8')).toBe('old')
    expect(await readdir(directory.path)).toEqual(['subject', 'token'])
  })

  test('the default credential chain of the AWS SDK sends on exactly the token', async () => {
    await run(['--token-file', '@/subject', '--out', '@/token'])
    await using sts = await answeringHost(200, STS_ANSWER)
    const variables = {
      ...awsEnvironment(directory.path),
      AWS_WEB_IDENTITY_TOKEN_FILE: inside('token'),
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/app',
      AWS_ENDPOINT_URL_STS: sts.url,
    }
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    const credentials = await defaultProvider()()
    expect(credentials).toMatchObject({ accessKeyId: 'ASIAMARKED', sessionToken: 'session' })
    const [asked] = sts.requests.map(({ body }) => new URLSearchParams(body))
    expect(asked?.get('Action')).toBe('AssumeRoleWithWebIdentity')
    expect(asked?.get('WebIdentityToken')).toBe(ISSUED_TOKEN)
  })
})

describe('ends with', () => {
  test('1 and the words of the host where that refuses, and never with the token', async () => {
    host.answer = () => ({
      status: 400,
      headers: { 'Signet-Request-Id': 'r-1' },
      body: JSON.stringify({ error: 'invalid_request', error_description: SUBJECT_TOKEN }),
    })
    expect(await run(['--token-file', '@/subject'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `signet: ${host.issuer} refuses the exchange: … (invalid_request, request id r-1)\n`,
    })
  })

  test('3 where nobody answers', async () => {
    const gone = await tokenStandIn(() => ({ body: '' }))
    await gone[Symbol.asyncDispose]()
    const args = ['token', 'exchange', gone.issuer, '--audience', 'a']
    const ended = await signetHere(args, { input: SUBJECT_TOKEN })
    expect(ended).toMatchObject({ code: 3, stdout: '' })
    expect(ended.stderr).toContain('(ECONNREFUSED)')
  })
})

describe('refuses, and sends nothing:', () => {
  const FILES = ['--token-file', '@/subject', '--out', '@/token']
  test.each([
    ['no token', [], 'there is no token in standard input: it is empty'],
    ['a missing file', ['--token-file', '@/nowhere'], 'cannot be read (ENOENT)'],
    ['a token as a file', ['--token-file', 'a.b.c'], 'a token is not given as an argument'],
    ['two audiences', ['--audience', 'b'], '--audience must be given once'],
    ['an unknown type', ['--subject-token-type', 'saml2'], 'must be one of jwt, id_token, access_'],
    ['two files', [...FILES, '--out', '@/b'], '--out must be given once'],
    ['--out without a name', ['--out', ''], '--out must name a file, got ""'],
    ['standard output', ['--out', '-'], '--out must name a file, got "-": without --out the token'],
    ['a folder that is not there', ['--out', '@/no/token'], 'cannot be made or replaced (ENOENT)'],
    ['a folder', ['--out', '@/folder'], 'is not replaced, it is a folder'],
    ['a link', ['--out', '@/link'], 'is not replaced, it is a symbolic link'],
    ['one file for both', ['--token-file', '@/subject', '--out', '@/subject'], 'are the same file'],
    ['a hard link', ['--token-file', '@/subject', '--out', '@/hard'], 'are the same file'],
    ['--watch alone', ['--watch'], '--watch keeps the file of --out fresh'],
    ['--watch without --out', ['--watch', '--token-file', '@/subject'], 'give both as files'],
    ['--watch without --token-file', ['--watch', '--out', '@/token'], 'give both as files'],
    [
      '--watch of standard input',
      ['--watch', '--out', '@/token', '--token-file', '-'],
      'give both as files',
    ],
    ['--watch with --json', [...FILES, '--watch', '--json'], '--watch prints no data'],
    [
      '--watch of a folder',
      ['--watch', '--token-file', '@/subject', '--out', '@/folder'],
      'is not replaced, it is a folder',
    ],
  ])('%s', async (_title, args, sentence) => {
    await mkdir(inside('folder'))
    await symlink(inside('subject'), inside('link'))
    await link(inside('subject'), inside('hard'))
    const before = [host.requests.length, await readdir(directory.path)]
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^signet: .+\n$/)
    expect(stderr).toContain(sentence)
    expect([host.requests.length, await readdir(directory.path)]).toEqual(before)
  })

  test('an audience of nothing', async () => {
    const ended = await signetHere(['token', 'exchange', host.issuer, '--audience', ''])
    expect(ended).toMatchObject({ code: 2 })
    expect(ended.stderr).toContain('--audience must name who shall accept the token, got ""')
  })
})
