import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { kmsBindings, type KmsRequest, openLocalKms } from '../../../src/cli/dev/local-kms.ts'
import { type LocalKms, readLocalKms, writeLocalKms } from '../../../src/cli/state/local-kms.ts'
import { openStateDirectory } from '../../../src/cli/state/state-directory.ts'
import { parseWorkerConfig } from '../../../functions/worker/worker-config.ts'
import { FAKE_ACCOUNT, type KmsFake, kmsErrors, startKmsFake } from '../../support/aws/kms-fake.ts'
import { answeringHost } from '../../support/answering-host.ts'
import { temporaryDirectory } from '../../support/signet.ts'

let fake: KmsFake
const AS_BEFORE = { custody: undefined, endpoint: undefined }

beforeAll(async () => {
  fake = await startKmsFake()
})
afterAll(() => fake.close())

async function opened(known?: LocalKms): Promise<LocalKms> {
  const asked = { custody: 'kms', endpoint: fake.url } as const
  const kms = await openLocalKms(known, known === undefined ? asked : AS_BEFORE)
  if (kms === undefined) throw new Error('no KMS')
  return kms
}

async function failureOf(opening: Promise<unknown>): Promise<unknown> {
  return opening.then(
    () => 'it opened',
    (error: unknown) => error,
  )
}

describe('a KMS beside the installation', () => {
  test('is none where none was ever asked for', async () => {
    expect(await openLocalKms(undefined, AS_BEFORE)).toBeUndefined()
  })

  test('gets a key that wraps, and is kept with it', async () => {
    const first = await opened()
    expect(fake.keys().find(({ arn }) => arn === first.wrappingKey)).toMatchObject({
      spec: 'SYMMETRIC_DEFAULT',
    })
    expect(await opened(first)).toEqual(first)
  })

  test('may give new issuers another custody later', async () => {
    const first = await opened()
    for (const endpoint of [fake.url, undefined]) {
      const asked = { custody: 'kms-wrapped', endpoint } as const
      expect(await openLocalKms(first, asked)).toEqual({ ...first, custody: 'kms-wrapped' })
    }
  })

  test('gives them the same one where its endpoint alone is named again', async () => {
    const first = await opened()
    const asked = { custody: undefined, endpoint: fake.url }
    expect(await openLocalKms(first, asked)).toEqual(first)
  })

  test.each<[string, KmsRequest]>([
    ['--custody', { custody: 'kms', endpoint: undefined }],
    ['--kms-endpoint', { custody: undefined, endpoint: 'http://127.0.0.1:9' }],
  ])('is not opened the first time for %s alone', async (option, asked) => {
    expect(await failureOf(openLocalKms(undefined, asked))).toMatchObject({
      exitCode: 2,
      message: `--custody and --kms-endpoint go together until a state directory has a KMS, got ${option} alone: give both`,
    })
  })

  test('gets another key where it has lost the first one, which is said', async () => {
    using stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const first = await opened()
    expect(stderr).not.toHaveBeenCalled()
    fake.remove(first.wrappingKey)
    const second = await opened(first)
    expect(second).toMatchObject({ endpoint: first.endpoint, custody: first.custody })
    expect(fake.keys().map(({ arn }) => arn)).toContain(second.wrappingKey)
    expect(stderr.mock.calls).toEqual([
      [
        `The KMS at ${fake.url} does not have the keys of this state directory any more: issuers whose keys were there can sign no more.\n`,
      ],
    ])
  })

  test('is not exchanged for another one, which is not called', async () => {
    const first = await opened()
    const asked = { custody: 'kms', endpoint: 'http://127.0.0.1:9' } as const
    expect(await failureOf(openLocalKms(first, asked))).toMatchObject({
      exitCode: 2,
      message: `the keys of this state directory are in the KMS at ${fake.url}, and a key's place never changes, got --kms-endpoint http://127.0.0.1:9: give the one that it had, or another --state`,
    })
  })

  test('gives the Worker settings that it takes', async () => {
    const bindings = kmsBindings(await opened())
    const settings = { PUBLIC_URL: 'http://127.0.0.1:1', DEPLOYMENT: 'local', ...bindings }
    expect(parseWorkerConfig(settings)).toMatchObject({
      ok: true,
      config: { defaultCustody: 'kms', kms: { access: { endpoint: fake.url } } },
    })
  })

  test.each(['CreateKey', 'DescribeKey'])('that refuses %s is not used', async (operation) => {
    const known = operation === 'DescribeKey' ? await opened() : undefined
    fake.inject(operation, kmsErrors.denied)
    const failure = await failureOf(opened(known))
    expect(failure).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(
        `no usable KMS answers at ${fake.url} (AccessDeniedException): start one there`,
      ),
    })
    expect(String(failure)).not.toMatch(new RegExp(`${FAKE_ACCOUNT}|arn:`))
    expect(String(failure)).toContain(known === undefined ? '--kms-endpoint' : 'another --state')
  })
})

describe('what is no KMS is not used', () => {
  test.each([
    ['a page', 200, '<html>', 'it does not answer with JSON'],
    ['JSON without a key', 200, '{}', 'its keys have no ARN'],
    ['no object', 200, 'null', 'it does not answer with JSON'],
    ['a strange name', 200, '{"KeyMetadata":{"Arn":"a key"}}', 'its keys have no ARN'],
    ['another service', 404, '{"error":"not_found"}', 'status 404'],
    ['a service that fails', 500, '', 'status 500'],
    ['a redirect', 307, '', 'status 307'],
    ['text for a name', 400, '{"__type":"arn:marked is bad"}', 'status 400'],
    ['more than a KMS says', 200, `{"a":"${'a'.repeat(70_000)}"}`, 'it does not answer with JSON'],
  ])('%s', async (_title, status, body, reason) => {
    await using host = await answeringHost(status, body)
    const failure = await failureOf(openLocalKms(undefined, { custody: 'kms', endpoint: host.url }))
    expect(failure).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(`no usable KMS answers at ${host.url} (${reason}): `),
    })
    expect(host.requests).toHaveLength(1)
  })
})

describe('what a state directory says of its KMS', () => {
  const KMS: LocalKms = {
    version: 1,
    endpoint: 'http://127.0.0.1:4599',
    custody: 'kms',
    wrappingKey: 'alias/local',
  }

  test('is read as it was written', async () => {
    await using own = await temporaryDirectory()
    const paths = await openStateDirectory(own.path)
    expect(await readLocalKms(paths)).toBeUndefined()
    await writeLocalKms(paths, KMS)
    expect(await readLocalKms(paths)).toEqual(KMS)
  })

  test.each<[string, object | string]>([
    ['no JSON', '{'],
    ['another version', { ...KMS, version: 2 }],
    ['an endpoint elsewhere', { ...KMS, endpoint: 'https://kms.example' }],
    ['a custody without KMS', { ...KMS, custody: 'sealed' }],
    ['no key', { ...KMS, wrappingKey: '' }],
    ['more than that', { ...KMS, more: 1 }],
  ])('is refused with %s, in a sentence', async (_title, content) => {
    await using own = await temporaryDirectory()
    const paths = await openStateDirectory(own.path)
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    await writeFile(paths.kms, text, { mode: 0o600 })
    expect(await failureOf(readLocalKms(paths))).toMatchObject({
      exitCode: 2,
      message: `${paths.kms} cannot be read as Signet wrote it: put it back, or start anew with another --state`,
    })
  })
})
