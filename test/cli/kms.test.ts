/**
 * Custodies of AWS KMS on this machine, over a fake of KMS. No output may name an account, a key or an ARN of it.
 */

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLocalKms, writeLocalKms } from '../../src/cli/state/local-kms.ts'
import { statePaths } from '../../src/cli/state/state-directory.ts'
import { FAKE_ACCOUNT, type KmsFake, kmsErrors, startKmsFake } from '../support/aws/kms-fake.ts'
import {
  type Finished,
  freePort,
  type RunningDev,
  signet,
  startDev,
  temporaryDirectory,
} from '../support/signet.ts'
import { signetHere } from './in-process.ts'

const NAMES_KMS_KEY = new RegExp(`${FAKE_ACCOUNT}|arn:`)

function expectNoKmsNames({ stdout, stderr }: Pick<Finished, 'stdout' | 'stderr'>): void {
  expect(stdout).not.toMatch(NAMES_KMS_KEY)
  expect(stderr).not.toMatch(NAMES_KMS_KEY)
}

/** Log lines come before the sentence. */
function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}

describe('a start whose KMS failed, and the next one', () => {
  let fake: KmsFake
  let dev: RunningDev
  let failed: Finished
  let state: string
  let url: string
  const resources = new AsyncDisposableStack()

  beforeAll(async () => {
    const own = resources.use(await temporaryDirectory())
    // The key that wraps, and none for the demo issuer.
    fake = resources.adopt(await startKmsFake({ quotas: { CreateKey: 1 } }), (it) => it.close())
    state = join(own.path, 'state')
    const port = String(await freePort())
    url = `http://127.0.0.1:${port}`
    const kms = ['--custody', 'kms', '--kms-endpoint', fake.url]
    failed = await signet(['dev', '--state', state, '--port', port, ...kms])
    fake.refill()
    // Without options: it is all remembered.
    dev = await startDev(['--state', state])
    resources.defer(async () => void (await dev.stop()))
    await dev.rotated
  })
  afterAll(() => resources.disposeAsync())

  async function here(...args: readonly string[]): Promise<Finished> {
    const done = await signetHere([...args, '--state', state])
    expectNoKmsNames(done)
    return done
  }

  async function verifiedToken(id: string): Promise<string | undefined> {
    const minted = await here('token', 'mint', id, '--subject', 'someone', '--audience', 'a')
    const keySet = createRemoteJWKSet(new URL(`${url}/${id}/.well-known/jwks.json`))
    const expected = { issuer: `${url}/${id}`, audience: 'a' }
    return (await jwtVerify(minted.stdout.trim(), keySet, expected)).payload.sub
  }

  test('says that the demo issuer has no key, and stops', () => {
    expect(failed).toMatchObject({ code: 1, stdout: '' })
    expect(lastLine(failed.stderr)).toBe(
      `signet: the demo issuer has no key, since the KMS at ${fake.url} makes none of custody kms: the log says what it answered; start one there that does, such as "npm run fake:kms -- --port ${new URL(fake.url).port}", or choose another --custody with another --state`,
    )
    expectNoKmsNames(failed)
  })

  test('completes the demo issuer, whose token was verified, and says where its keys are', () => {
    expect(dev.report).toContain(`issuer     ${url}/demo\n`)
    expect(dev.report).toContain(`custody    kms  (KMS at ${fake.url})\n`)
    expect(dev.report).not.toMatch(NAMES_KMS_KEY)
    expect(fake.calls).toContain('Sign')
  })

  test('keeps what it knows of the KMS to its owner', async () => {
    expect((await stat(join(state, 'kms.json'))).mode & 0o777).toBe(0o600)
  })

  test('makes an issuer whose keys are wrapped', async () => {
    const created = await here('issuer', 'create', 'wrapped', '--custody', 'kms-wrapped')
    expect(created).toMatchObject({ code: 0, stderr: 'Created issuer wrapped.\n' })
    expect(created.stdout).toMatch(/^custody +kms-wrapped$/m)
    expect(await verifiedToken('wrapped')).toBe('someone')
  })

  test('makes one whose keys are sealed', async () => {
    const created = await here('issuer', 'create', 'closed', '--custody', 'sealed')
    expect(created.stdout).toMatch(/^custody +sealed$/m)
    expect(await verifiedToken('closed')).toBe('someone')
  })

  test('completes an issuer whose key could not be made with update --reseal', async () => {
    fake.inject('CreateKey', kmsErrors.denied)
    expect(await here('issuer', 'create', 'prod')).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'signet: issuer prod is written, but its key could not be made (key_service_refused): run "signet issuer update prod --reseal" to have it made\n',
    })
    const hint = `It has no key yet, so nothing of it is served: npx signet issuer update prod --reseal --state ${state}\n`
    const shown = await here('issuer', 'show', 'prod')
    expect(shown).toMatchObject({ code: 0, stderr: hint })
    expect(shown.stdout).toMatch(/^custody +kms$/m)
    expect(await here('keys', 'list', 'prod')).toEqual({ code: 0, stdout: '', stderr: hint })
    const without = await fetch(`${url}/prod/.well-known/jwks.json`)
    expect([without.status, await without.text()]).toEqual([
      503,
      expect.not.stringMatching(NAMES_KMS_KEY),
    ])

    fake.refill()
    const updated = await here('issuer', 'update', 'prod', '--reseal')
    expect(updated).toMatchObject({ code: 0, stderr: 'Updated issuer prod.\n' })
    expect(updated.stdout).toMatch(/ RS256 +kms +active /)
    expect(await verifiedToken('prod')).toBe('someone')
  })
})

test('a KMS that lost its keys ends the start, which forgets nothing', async () => {
  await using own = await temporaryDirectory()
  const fake = await startKmsFake()
  try {
    const kms = ['--custody', 'kms-wrapped', '--kms-endpoint', fake.url]
    const port = String(await freePort())
    const first = await startDev(['--state', own.path, '--port', port, '--json', ...kms])
    expect(JSON.parse(first.report)).toMatchObject({
      kms: { endpoint: fake.url, custody: 'kms-wrapped' },
      demo: { custody: 'kms-wrapped' },
    })
    expect(first.report).not.toMatch(NAMES_KMS_KEY)
    await first.stop()
    const before = await readFile(join(own.path, 'kms.json'), 'utf8')
    for (const { arn } of fake.keys()) fake.remove(arn)

    const second = await signet(['dev', '--state', own.path])
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(lastLine(second.stderr)).toBe(
      `signet: the demo issuer cannot sign, since the KMS at ${fake.url} does not use its key: one that keeps keys in memory has lost them when it stops; start it with the keys that it had, or start anew with another --state`,
    )
    expectNoKmsNames(second)
    expect(await readFile(join(own.path, 'kms.json'), 'utf8')).toBe(before)
  } finally {
    await fake.close()
  }
})

test('an installation of sealed keys goes on with a KMS that is new or has lost its keys', async () => {
  await using own = await temporaryDirectory()
  const fake = await startKmsFake()
  const kms = ['--custody', 'kms', '--kms-endpoint', fake.url]
  const start = ['--state', own.path, '--port', String(await freePort()), '--json']
  try {
    const first = await startDev(start)
    const create = ['issuer', 'create', 'prod', '--custody', 'kms', '--state', own.path]
    const refused = await signetHere(create)
    const other = await signet(['dev', '--state', own.path, ...kms])
    await first.stop()
    expect(JSON.parse(first.report)).toMatchObject({ kms: null })
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'signet: custody must be one of sealed, none on this host, got "kms": choose one of these, or configure the host for it\n',
    })
    // Two would not know of one another's KMS.
    expect(other.stderr).toContain('another Signet runs with the state in')
    expect(fake.calls).toEqual([])

    const lost = { version: 1, endpoint: fake.url, wrappingKey: 'alias/lost' } as const
    await writeLocalKms(statePaths(own.path), { ...lost, custody: 'kms-wrapped' })
    // It knows where its KMS is.
    const second = await startDev([...start, '--custody', 'kms'])
    await second.rotated
    const created = await signetHere(create)
    await second.stop()
    expect(await readLocalKms(statePaths(own.path))).toMatchObject({
      custody: 'kms',
      wrappingKey: fake.keys()[0]?.arn,
    })
    expect(JSON.parse(second.report)).toMatchObject({
      kms: { endpoint: fake.url, custody: 'kms' },
      demo: { custody: 'sealed', created: false },
    })
    expect(created).toMatchObject({ code: 0 })
    expectNoKmsNames(created)
  } finally {
    await fake.close()
  }
})

test('no KMS at the endpoint ends the start before anything is made', async () => {
  await using own = await temporaryDirectory()
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const kms = ['--custody', 'kms', '--kms-endpoint', endpoint]
  const start = ['dev', '--state', own.path, '--port', String(await freePort()), ...kms]
  const sentence = `signet: no usable KMS answers at ${endpoint} (ECONNREFUSED): start one there, for example with "npm run fake:kms -- --port ${port}", or correct --kms-endpoint\n`
  // The second one finds neither a lock nor an installation of the first.
  for (let attempt = 1; attempt <= 2; attempt++) {
    expect(await signet(start)).toEqual({ code: 3, stdout: '', stderr: sentence })
  }
  expect(await readdir(own.path)).toEqual(['lock'])
})

test.each([
  ['--custody', 'kms'],
  ['--kms-endpoint', 'http://127.0.0.1:4599'],
])('%s alone ends the first start before anything is made', async (option, value) => {
  await using own = await temporaryDirectory()
  const port = String(await freePort())
  expect(await signetHere(['dev', '--state', own.path, '--port', port, option, value])).toEqual({
    code: 2,
    stdout: '',
    stderr: `signet: --custody and --kms-endpoint go together until a state directory has a KMS, got ${option} alone: give both
`,
  })
  expect(await readdir(own.path)).toEqual(['lock'])
})
