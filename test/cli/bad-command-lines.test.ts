/**
 * Command lines that are refused here: with 2, in one sentence, and before anything is sent.
 */

import { generateKeyPairSync } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnsweringHost, answeringHost } from '../support/answering-host.ts'
import { type Finished, temporaryDirectory } from '../support/signet.ts'
import { signetHere } from './in-process.ts'

const directory = await temporaryDirectory()
let host: AnsweringHost

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const PUBLIC_PEM = String(ec.publicKey.export({ format: 'pem', type: 'spki' }))
const PRIVATE_PEM = String(ec.privateKey.export({ format: 'pem', type: 'pkcs8' }))
const PUBLIC_SET = JSON.stringify({ keys: [ec.publicKey.export({ format: 'jwk' })] })
const PRIVATE_SET = JSON.stringify({ keys: [ec.privateKey.export({ format: 'jwk' })] })
const FILES: Readonly<Record<string, string | Buffer>> = {
  empty: '',
  binary: Buffer.from([0x7b, 0xff, 0xfe, 0x00]),
  'powershell.json': Buffer.from(`\uFEFF${PUBLIC_SET}`, 'utf16le'),
  large: 'a'.repeat(262_145),
  'notes.txt': 'no key',
  'status.json': '{"kind":"Status","status":"Failure"}',
  'public.pem': PUBLIC_PEM,
  'two.pem': `${PUBLIC_PEM}${PUBLIC_PEM}`,
  'private.pem': PRIVATE_PEM,
  'both.pem': `${PUBLIC_PEM}${PRIVATE_PEM}`,
  'public.json': PUBLIC_SET,
  'private.json': PRIVATE_SET,
  'symmetric.json': '{"keys":[{"kty":"oct","k":"AAAA"}]}',
}

beforeAll(async () => {
  host = await answeringHost(404, '{}')
  await mkdir(join(directory.path, 'folder'))
  for (const [name, content] of Object.entries(FILES)) {
    await writeFile(join(directory.path, name), content)
  }
  await writeFile(join(directory.path, 'secret'), 'a'.repeat(32), { mode: 0o600 })
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await directory[Symbol.asyncDispose]()
})

/** `@` at the beginning stands for the directory of the files. */
async function run(args: readonly string[]): Promise<Finished> {
  const own = args.map((arg) => arg.replace(/^@/, directory.path))
  return signetHere([...own, '--url', host.url, '--secret-file', join(directory.path, 'secret')])
}

/** One sentence that has this in it. */
function expectRefused({ code, stdout, stderr }: Finished, sentence: string): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^signet: .+\n$/)
  expect(stderr).toContain(sentence)
}

test('a command line that is right is sent, so that what follows can fail', async () => {
  const before = host.seen.length
  expect(await run(['keys', 'adopt', 'prod', '@/public.json'])).toMatchObject({ code: 1 })
  expect(host.seen).toHaveLength(before + 1)
})

describe('keys adopt', () => {
  test.each([
    ['a missing file', ['@/nowhere'], '/nowhere cannot be read (ENOENT): name a file that holds'],
    ['a folder', ['@/folder'], "(EISDIR): name a file that holds the cluster's keys, or pipe one"],
    ['an empty file', ['@/empty'], 'must be a JWK Set ({"keys":[…]}), a JWK or PEM public keys'],
    ['binary data', ['@/binary'], 'the keys must be text in UTF-8 of at most 262144 bytes'],
    ['UTF-16', ['@/powershell.json'], 'the keys must be text in UTF-8'],
    ['a large file', ['@/large'], 'the keys must be text in UTF-8 of at most 262144 bytes'],
    ['another text', ['@/notes.txt'], 'got something else; nothing was sent'],
    ['other JSON', ['@/status.json'], 'got JSON without a list "keys"; nothing was sent'],
    ['a private PEM', ['@/private.pem'], 'block 1 of the PEM is a private key'],
    ['a private PEM after a public one', ['@/both.pem'], 'block 2 of the PEM is a private key'],
    ['a private JWK', ['@/private.json'], 'key 1 holds private material (member d)'],
    ['a symmetric key', ['@/symmetric.json'], 'key 1 is symmetric'],
    [
      '--kid for a JWK Set',
      ['@/public.json', '--kid', 'a'],
      'got JSON, in which a key has its own',
    ],
    ['--kid for two keys', ['@/two.pem', '--kid', 'a'], 'is for one PEM key, got 2'],
    ['an empty --kid', ['@/public.pem', '--kid', ''], 'must have a kid of 1 to 255 printable'],
    ['a --kid with a space', ['@/public.pem', '--kid', 'a b'], 'must have a kid of 1 to 255'],
    ['two --kid', ['@/public.pem', '--kid', 'a', '--kid', 'b'], '--kid must be given once'],
    ['a strange retention', ['@/public.pem', '--retention', '1w'], 'a duration must be a whole'],
    ['no retention', ['@/public.pem', '--retention', ''], 'a duration must be a whole number'],
    [
      'a retention over a year',
      ['@/public.pem', '--retention', '31536001'],
      '--retention must be at most 365 d, got 31536001',
    ],
    [
      '--now with a retention',
      ['@/public.pem', '--now', '--retention', '0'],
      '--now is a retention of nothing: give either it or --retention',
    ],
  ])('refuses %s, and sends nothing', async (_title, args, sentence) => {
    const before = host.seen.length
    expectRefused(await run(['keys', 'adopt', 'prod', ...args]), sentence)
    expect(host.seen).toHaveLength(before)
  })

  test('refuses an id that no issuer can have, and sends nothing', async () => {
    const before = host.seen.length
    const refusal = await run(['keys', 'adopt', 'Prod', '@/public.pem'])
    expectRefused(refusal, 'id must be 1 to 63 lower-case letters')
    expect(host.seen).toHaveLength(before)
  })

  test('never repeats key material', async () => {
    const { d = '' } = ec.privateKey.export({ format: 'jwk' })
    expect((await run(['keys', 'adopt', 'prod', '@/private.json'])).stderr).not.toContain(d)
  })
})

describe('issuer create', () => {
  test.each([
    ['a trailing slash', 'https://a.example/', 'must have no trailing and no double slash'],
    ['a double slash', 'https://a.example//b', 'must have no trailing and no double slash'],
    ['plain http', 'http://a.example', 'must use https'],
    ['no scheme', 'a.example', 'must be a URL such as https://oidc.example.com, got "a.example"'],
    ['nothing', '', 'must be a URL such as https://oidc.example.com, got ""'],
    ['a query', 'https://a.example?b', 'must have no query, fragment or credentials'],
    ['the port of https', 'https://a.example:443/b', 'use "https://a.example/b"'],
    ['dots in the path', 'https://a.example/b/../c', 'use "https://a.example/c"'],
    ['a path of the host', 'https://a.example/control/b', 'must not begin with /control'],
    ['too many characters', `https://a.example/${'b'.repeat(255)}`, 'at most 255 characters'],
  ])('refuses --issuer-url with %s, and sends nothing', async (_title, url, sentence) => {
    const before = host.seen.length
    const refusal = await run(['issuer', 'create', 'prod', '--issuer-url', url])
    expectRefused(refusal, sentence)
    expectRefused(refusal, '--issuer-url must ')
    expect(host.seen).toHaveLength(before)
  })

  test('does not repeat the password in a URL', async () => {
    const url = 'https://user:hunter2@a.example'
    const refusal = await run(['issuer', 'create', 'prod', '--issuer-url', url])
    expectRefused(refusal, 'no query, fragment or credentials')
    expect(refusal.stderr).not.toContain('hunter2')
  })

  test.each([
    [['--algorithm', 'RS256'], 'got --algorithm: leave it out'],
    [['--rotation-period', '7d'], 'got --rotation-period: leave it out'],
    [['--token-ttl-max', '1h', '--propagation-delay', '1d'], 'got --propagation-delay, --token'],
    [['--jwks-max-age', '1h', '--algorithm', 'ES256'], 'got --algorithm: leave it out'],
    [['--custody', 'kms'], 'got --custody: leave it out'],
  ])('refuses --publish-only with %j, and sends nothing', async (args, sentence) => {
    const before = host.seen.length
    const refusal = await run(['issuer', 'create', 'prod', '--publish-only', ...args])
    expectRefused(refusal, sentence)
    expect(host.seen).toHaveLength(before)
  })

  test.each([['none'], ['KMS'], ['']])('refuses --custody %j, and sends nothing', async (given) => {
    const before = host.seen.length
    expectRefused(
      await run(['issuer', 'create', 'prod', '--custody', given]),
      `--custody must be one of kms, kms-wrapped, sealed, got ${JSON.stringify(given)}: for none of these give --publish-only`,
    )
    expect(host.seen).toHaveLength(before)
  })
})

describe('dev', () => {
  const KMS = ['--kms-endpoint', 'http://127.0.0.1:4599']
  const ENDPOINT_RULE =
    '--kms-endpoint must be an http URL of a loopback host without a path, such as http://127.0.0.1:4599, got no such URL: '
  const CUSTODY_RULE = '--custody must be kms or kms-wrapped, got'
  const SEALED = 'without --custody and --kms-endpoint keys are sealed'

  test.each([
    [
      ['--custody', 'sealed', ...KMS],
      `${CUSTODY_RULE} "sealed": ${SEALED}; "signet issuer create --custody sealed" makes a sealed one here\n`,
    ],
    [['--custody', 'none', ...KMS], `${CUSTODY_RULE} "none": ${SEALED}\n`],
    [['--custody', '', ...KMS], `${CUSTODY_RULE} "": ${SEALED}\n`],
    [['--custody', 'kms', '--custody', 'kms', ...KMS], '--custody must be given once'],
    [['--custody', 'kms', ...KMS, ...KMS], '--kms-endpoint must be given once'],
    [['--custody', 'kms', ...KMS, '--port', '0'], '--port must be a whole number'],
  ])('refuses %j', async (args, sentence) => {
    const state = join(directory.path, 'never-made')
    expectRefused(await signetHere(['dev', '--state', state, ...args]), sentence)
    await expect(stat(state)).rejects.toThrow('ENOENT')
  })

  test.each([
    'https://kms.eu-central-1.amazonaws.com',
    'https://127.0.0.1:4599',
    'http://localstack:4566',
    'http://192.0.2.1:4599',
    'http://127.0.0.1.example:4599',
    'http://127.0.0.1:4599/path',
    'http://127.0.0.1:4599?query',
    'http://127.0.0.1:4599#',
    'http://user:hunter2@127.0.0.1:4599',
    '127.0.0.1:4599',
    '4599',
    '',
  ])('refuses the endpoint %j, and does not repeat it', async (endpoint) => {
    const args = ['dev', '--state', '/nowhere/state', '--custody', 'kms']
    const refusal = await signetHere([...args, '--kms-endpoint', endpoint])
    const advice = endpoint.startsWith('http://') ? '' : 'begin with http://; '
    const elsewhere = 'KMS of AWS itself is for a deployed installation'
    expectRefused(refusal, `${ENDPOINT_RULE}${advice}${elsewhere}\n`)
    expect(refusal.stderr).not.toContain('hunter2')
  })
})
