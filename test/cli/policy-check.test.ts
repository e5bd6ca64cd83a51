/**
 * `policy check` of the ready-made policies, with tokens as clusters and GitHub make them.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CONTROL_BODY_BYTES_MAX } from '../../src/limits.ts'
import type { JsonObject } from '../../src/json.ts'
import { isPrintable } from '../../src/printable.ts'
import { type Finished, temporaryDirectory } from '../support/signet.ts'
import { newSubjectKey } from '../support/subject-tokens.ts'
import { signetHere } from './in-process.ts'

const ROOT = new URL('../../', import.meta.url)
const FLEET = 'https://oidc.example.com/fleet'
/** While the tokens live. */
const AT = '2026-01-01T00:01:40Z'

const key = newSubjectKey('RS256')
const github = newSubjectKey('RS256')
const POD = JSON.parse(await read('test/fixtures/subject-claims/kubernetes-service-account.json'))
const JOB = JSON.parse(await read('test/fixtures/subject-claims/github-actions.json'))
/** The ready-made one, with a key of which there is a private one. */
const fleet = (await read('docs/policies/fleet.yaml'))
  .replace(/(kid: )fEhS\S+/, `$1${key.kid}`)
  .replace(/(n: )pLl0\S+/, (_all, name: string) => `${name}${String(key.jwk['n'])}`)
const broken = fleet
  .replace('in ["default", "kube-public"', 'in ["default" "kube-public"')
  .replace('+ claims.sub', '+ clams.sub')
  .replace('transitiveTags: [cluster]', 'transitiveTags: [clusters]')

const directory = await temporaryDirectory()
afterAll(() => directory[Symbol.asyncDispose]())
beforeAll(async () => {
  const token = podToken({})
  const files = {
    'fleet.yaml': fleet,
    'broken.yaml': broken,
    'github.yaml': await read('docs/policies/github-actions.yaml'),
    'jwks.json': JSON.stringify({ keys: [github.jwk] }),
    token,
    system: podToken({ namespace: 'kube-system' }),
    forged: `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(342)}`,
    job: github.sign({ ...JOB, aud: 'https://oidc.example.com/ci' }),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(inside(name), text)
  vi.stubEnv('TERM', 'xterm')
  return () => vi.unstubAllEnvs()
})

function read(path: string): Promise<string> {
  return readFile(new URL(path, ROOT), 'utf8')
}

function inside(name: string): string {
  return join(directory.path, name)
}

function podToken(changes: JsonObject): string {
  const pod = { ...POD['kubernetes.io'], ...changes }
  return key.sign({ ...POD, aud: [FLEET], 'kubernetes.io': pod })
}

/** `@` at the beginning of a word stands for the directory of the test. */
async function check(command: string, input = ''): Promise<Finished> {
  const words = command.split(' ').map((word) => word.replace(/^@/, `${directory.path}/`))
  return signetHere(['policy', 'check', ...words], { input })
}

function stable({ stdout }: Finished): string {
  return stdout.replaceAll(`${directory.path}/`, '').replaceAll(/[\w-]{43}/g, 'KID')
}

function golden(name: string): string {
  return `../golden/cli/policy-check-${name}`
}

describe('with a token', () => {
  const COMMAND = `-f @fleet.yaml --issuer ${FLEET} --at ${AT}`

  test('that one entry takes: why, and what it is exchanged for', async () => {
    const checked = await check(`${COMMAND} --token @token`)
    expect(checked).toMatchObject({ code: 0, stderr: 'Entry prod-eu takes the token.\n' })
    await expect(stable(checked)).toMatchFileSnapshot(golden('match.txt'))
  })

  test('that no entry takes: why not', async () => {
    const checked = await check(`${COMMAND} --token @system`)
    expect(checked).toMatchObject({ code: 1, stderr: 'signet: no entry takes the token\n' })
    await expect(stable(checked)).toMatchFileSnapshot(golden('no-match.txt'))
  })

  test('that was changed', async () => {
    const { code, stdout } = await check(`${COMMAND} --token @forged`)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^ {2}key +no +the key that the subject token names does not verify/m)
  })

  test('prints JSON, also where it ends with 1', async () => {
    const json = await check(`${COMMAND} --token @system --json`)
    expect(json.code).toBe(1)
    await expect(stable(json)).toMatchFileSnapshot(golden('no-match.json'))
    const { stdout } = await check(`${COMMAND} --token @token --json`)
    expect(JSON.parse(stdout)).toMatchObject({
      file: inside('fleet.yaml'),
      ok: true,
      accepted: 'prod-eu',
      accepts: 'yes',
      entries: [{ accepts: 'yes', tokens: [{ audience: 'sts.amazonaws.com' }] }, { tokens: [] }],
    })
  })

  test.each(['@token', '@system', '@forged', '@job'])('%s is never printed', async (file) => {
    const token = await readFile(inside(file.slice(1)), 'utf8')
    for (const options of ['', ' --json']) {
      const { stdout, stderr } = await check(`${COMMAND} --token ${file}${options}`)
      for (const part of token.split('.')) expect(stdout + stderr).not.toContain(part)
    }
  })

  test('from standard input, for one audience', async () => {
    const token = await readFile(inside('token'), 'utf8')
    const { code, stdout } = await check(`${COMMAND} --token - --audience vault`, token)
    expect(code).toBe(1)
    expect(stdout).toContain('no token for vault: the audience is none of those')
  })

  test('of now, where no moment is given', async () => {
    const { code, stdout } = await check(`-f @fleet.yaml --token @token`)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^ {2}times +no +the subject token expired/m)
  })

  test('of an issuer that is discovered: with and without its keys', async () => {
    const command = `-f @github.yaml --issuer https://oidc.example.com/ci --at ${AT} --token @job`
    expect(await check(command)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^ {2}key +unknown +signature not checked: /m),
      stderr:
        "signet: whether entry github takes the token is not known: key (give the keys of the token's issuer with --jwks)\n",
    })
    expect(await check(`${command} --jwks @jwks.json`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${github.kid} of --jwks verifies it`),
      stderr: 'Entry github takes the token.\n',
    })
  })

  test('that is for somebody else, or for nobody knows whom', async () => {
    const token = key.sign({ ...POD, aud: ['sts.amazonaws.com'] })
    expect(await check(`-f @fleet.yaml --at ${AT} --token -`, token)).toMatchObject({
      code: 1,
      stderr:
        'signet: whether entry prod-eu takes the token is not known: audience (name the issuer that has this policy with --issuer)\n',
    })
    const { code, stdout } = await check(`-f @fleet.yaml --at ${AT} --token - --json`, token)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, accepts: 'unknown' })
    expect(JSON.parse(stdout)).not.toHaveProperty('accepted')
    expect(await check(`${COMMAND} --token -`, token)).toMatchObject({
      code: 1,
      stderr: 'signet: no entry takes the token\n',
    })
  })

  test('that says what steers a terminal', async () => {
    const token = key.sign({ ...POD, iss: 'https://evil.example/\u001b[2J\u202e', aud: [FLEET] })
    const { stdout, stderr } = await check(`${COMMAND} --token -`, token)
    expect(isPrintable((stdout + stderr).replaceAll('\n', ''))).toBe(true)
  })
})

describe('without a token', () => {
  test.each(['aws', 'cluster-adopted', 'cluster-inline', 'fleet', 'github-actions'])(
    'the ready-made policy %s is right',
    async (name) => {
      const text = await read(`docs/policies/${name}.yaml`)
      expect(await check('-f -', text)).toMatchObject({
        code: 0,
        stdout: '',
        stderr: expect.stringMatching(/^The policy in standard input is right \(\d entr/),
      })
    },
  )

  test('says what is wrong, with its line, once for all entries that have it', async () => {
    const checked = await check('-f @broken.yaml')
    expect(checked.code).toBe(1)
    expect(checked.stderr).toContain('broken.yaml is not right: 3 problems')
    await expect(stable(checked)).toMatchFileSnapshot(golden('broken.txt'))
    const json = await check('-f @broken.yaml --json')
    await expect(stable(json)).toMatchFileSnapshot(golden('broken.json'))
    // The same with a token, which is not looked at.
    const asked = await check('-f @broken.yaml --token @token')
    expect(stable(asked)).toBe(stable(checked))
    expect(asked.code).toBe(1)
  })

  test('with its issuer, what that rules out', async () => {
    const text = fleet.replace('- sts.amazonaws.com', `- ${FLEET}/token`)
    expect(await check('-f -', text)).toMatchObject({ code: 0 })
    expect(await check(`-f - --issuer ${FLEET}`, text)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^standard input:39:11: entries\.0\.token\.audiences\.0 must not/,
      ),
    })
    expect(await check(`-f @fleet.yaml --issuer ${FLEET} --json`)).toEqual({
      code: 0,
      stdout: `${JSON.stringify({ file: inside('fleet.yaml'), ok: true, problems: [], remarks: [] }, null, 2)}\n`,
      stderr: '',
    })
  })

  test('says what is hardly meant', async () => {
    const condition = 'condition: &condition "true"'
    const open = fleet.replace(/condition: &condition >-\n.*/, condition)
    const remark = 'entries.0.condition is always true: everyone who has a token of https://'
    const checked = await check('-f -', open)
    expect(checked).toMatchObject({ code: 0, stdout: '' })
    expect(checked.stderr).toContain(`Note: ${remark}`)
    const { stdout } = await check('-f - --json', open)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      remarks: [expect.stringContaining(remark), expect.stringContaining('entries.1.condition')],
    })
    const explained = await check(`-f - --issuer ${FLEET} --at ${AT} --token @token --json`, open)
    expect(JSON.parse(explained.stdout)).toMatchObject({
      ok: true,
      remarks: [{}, {}].map(() => expect.any(String)),
    })
  })

  test('takes JSON', async () => {
    expect(await check('-f -', '{"entries": []}')).toMatchObject({ code: 0 })
  })
})

describe('wrong input ends with 2', () => {
  test.each([
    ['a file that is not there', '-f @nothing.yaml', '', /cannot be read \(ENOENT\).* a policy/],
    ['a file that is too large', '-f -', ' '.repeat(CONTROL_BODY_BYTES_MAX + 1), /262144 bytes/],
    ['an issuer that is none', '-f @fleet.yaml --issuer http://x.example', '', /^signet: --issuer/],
    [
      'a token that is none',
      '-f @fleet.yaml --token @fleet.yaml',
      '',
      /there is no token in \S+\/fleet\.yaml: /,
    ],
    ['a token as an argument', '-f @fleet.yaml --token a.b.c', '', /not given as an argument/],
    [
      'an audience without a token',
      '-f @fleet.yaml --audience a',
      '',
      /^signet: --audience is for/,
    ],
    ['a moment without a token', '-f @fleet.yaml --at 0', '', /^signet: --at is for/],
    ['no moment', '-f @fleet.yaml --token @token --at now', '', /a moment must be/],
    ['no type', '-f @fleet.yaml --token @token --subject-token-type x', '', /jwt, id_token/],
    ['all from standard input', '-f - --token -', 'entries: []', /one thing alone/],
    ['keys that are none', '-f @fleet.yaml --token @token --jwks @fleet.yaml', '', /JWK Set \(/],
    [
      'no usable key',
      '-f @fleet.yaml --token @token --jwks -',
      '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}',
      /got none/,
    ],
    ['an option twice', '-f @fleet.yaml -f @fleet.yaml', '', /--file must be given once/],
  ])('%s', async (_title, command, input, said) => {
    const { code, stdout, stderr } = await check(command, input)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(said)
    expect(stderr).not.toContain('c2VjcmV0')
  })
})
