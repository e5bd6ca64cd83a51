/**
 * Which custodies the Worker has by its settings, which one is the default, and the key managers that come of it.
 */

import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parseWorkerConfig, type WorkerSettings } from '../../../functions/worker/worker-config.ts'
import { workerKeys } from '../../../functions/worker/worker-keys.ts'
import { Fault } from '../../../src/errors.ts'

const HOST = { PUBLIC_URL: 'https://oidc.acme.dev', DEPLOYMENT: 'prod' }
const SEALED = { SEALED_SECRET: Buffer.alloc(32, 0xfb).toString('base64') }
const ACCESS = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDMARKED',
  AWS_SECRET_ACCESS_KEY: 'marked-secret',
}
const SIGNERS = { KMS_SIGNERS: 'arn:aws:iam::999988887777:user/marked' }
const WRAPPING = { KMS_WRAPPING_KEY: 'alias/marked' }

function problemsOf(settings: WorkerSettings): readonly string[] {
  const parsed = parseWorkerConfig({ ...HOST, ...settings })
  return parsed.ok ? [] : parsed.problems
}

test.each<[string, WorkerSettings, readonly string[]]>([
  ['a secret alone', SEALED, ['sealed']],
  ['those that sign alone', { ...ACCESS, ...SIGNERS }, ['kms']],
  ['a wrapping key alone', { ...ACCESS, ...WRAPPING }, ['kms-wrapped']],
  ['both of KMS', { ...ACCESS, ...SIGNERS, ...WRAPPING }, ['kms', 'kms-wrapped']],
  ['a secret and those that sign', { ...SEALED, ...ACCESS, ...SIGNERS }, ['sealed', 'kms']],
  [
    'everything',
    { ...SEALED, ...ACCESS, ...SIGNERS, ...WRAPPING },
    ['sealed', 'kms', 'kms-wrapped'],
  ],
  [
    'everything, and kms-wrapped by default',
    { ...SEALED, ...ACCESS, ...SIGNERS, ...WRAPPING, DEFAULT_CUSTODY: 'kms-wrapped' },
    ['kms-wrapped', 'sealed', 'kms'],
  ],
  ['access to AWS without any use for it', { ...SEALED, ...ACCESS }, ['sealed']],
  ['an access that is wrong, without any use for it', { ...SEALED, AWS_REGION: 'x' }, ['sealed']],
  [
    'empty settings',
    { ...SEALED, KMS_SIGNERS: '', KMS_WRAPPING_KEY: '', DEFAULT_CUSTODY: '' },
    ['sealed'],
  ],
])('%s makes the custodies, the default first', (_, settings, custodies) => {
  const parsed = parseWorkerConfig({ ...HOST, ...settings })
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  const managers = workerKeys(parsed.config)
  expect(managers.custodies).toEqual([...custodies, 'none'])
  expect(parsed.config.defaultCustody).toBe(custodies[0])
})

describe('settings that are refused', () => {
  test.each<[string, WorkerSettings, readonly string[]]>([
    ['no custody', {}, ['SEALED_SECRET must be']],
    [
      'KMS without access',
      SIGNERS,
      ['AWS_REGION must be', 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must'],
    ],
    [
      'a default that is not configured',
      { ...SEALED, DEFAULT_CUSTODY: 'kms' },
      ['DEFAULT_CUSTODY must be one that is configured here (sealed), got "kms"'],
    ],
    [
      'sealed by default without a secret',
      { ...ACCESS, ...SIGNERS, DEFAULT_CUSTODY: 'sealed' },
      ['DEFAULT_CUSTODY must be one that is configured here (kms), got "sealed"'],
    ],
    [
      'a secret that is too short beside KMS',
      { ...ACCESS, ...SIGNERS, SEALED_SECRET: 'AAAA' },
      ['SEALED_SECRET must be'],
    ],
    [
      'a default whose custody is set up wrongly, which is one problem and not two',
      { ...SEALED, ...ACCESS, KMS_SIGNERS: 'marked', DEFAULT_CUSTODY: 'kms' },
      ['KMS_SIGNERS must be'],
    ],
    [
      'a default whose access is missing, which is no problem of the default',
      { ...SEALED, ...WRAPPING, DEFAULT_CUSTODY: 'kms-wrapped' },
      ['AWS_REGION must be', 'AWS_ACCESS_KEY_ID and'],
    ],
    [
      'a default whose secret is wrong, which is one problem and not two',
      { ...ACCESS, ...SIGNERS, SEALED_SECRET: 'AAAA', DEFAULT_CUSTODY: 'sealed' },
      ['SEALED_SECRET must be'],
    ],
    [
      'everything at once',
      {
        KMS_SIGNERS: 'marked',
        KMS_WRAPPING_KEY: 'marked',
        KMS_ENDPOINT: 'marked',
        SEALED_SECRET: 'AAAA',
        DEFAULT_CUSTODY: 'none',
      },
      [
        'KMS_SIGNERS must be',
        'KMS_WRAPPING_KEY must be',
        'AWS_REGION must be',
        'AWS_ACCESS_KEY_ID and',
        'KMS_ENDPOINT must be',
        'SEALED_SECRET must be',
        'DEFAULT_CUSTODY must be one that is configured here (sealed, kms, kms-wrapped), got "none"',
      ],
    ],
  ])('%s', (_, settings, sentences) => {
    const problems = problemsOf(settings)
    expect(problems).toEqual(
      sentences.map((sentence) => expect.stringContaining(sentence) as string),
    )
    expect(problems.join('\n')).not.toMatch(/marked|9999|arn:/i)
  })
})

test('keys of the Worker are remembered where they sign in memory', async () => {
  const parsed = parseWorkerConfig({ ...HOST, ...SEALED })
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  const manager = workerKeys(parsed.config).of('sealed')
  const binding = { issuerId: 'prod', slot: 'slot-1', alg: 'ES256' } as const
  const { keyRef } = await manager.create(binding)
  expect(await manager.open(keyRef, binding)).toBe(await manager.open(keyRef, binding))
})

test.each(['kms', 'kms-wrapped'] as const)(
  'of keys in %s the log hears when KMS is asked again',
  async (custody) => {
    const parsed = parseWorkerConfig({ ...HOST, ...ACCESS, ...SIGNERS, ...WRAPPING })
    if (!parsed.ok || parsed.config.kms === undefined) throw new TypeError('it has KMS')
    // Nobody waits between two attempts.
    vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => void vi.restoreAllMocks())
    const throttled = { __type: 'ThrottlingException', message: 'marked 999988887777' }
    const statuses = [400]
    const answering = async () => Response.json(throttled, { status: statuses.pop() ?? 200 })
    const access = { ...parsed.config.kms.access, fetch: answering }
    const logged: unknown[] = []
    const managers = workerKeys(
      { ...parsed.config, kms: { ...parsed.config.kms, access } },
      (...record) => void logged.push(record),
    )
    const binding = { issuerId: 'prod', slot: 'slot-1', alg: 'ES256' } as const
    // The second answer is none of KMS.
    await expect(managers.of(custody).create(binding)).rejects.toThrow(Fault)
    expect(logged[0]).toEqual(['warn', 'key_service_retried', { code: 'throttled' }])
  },
)
