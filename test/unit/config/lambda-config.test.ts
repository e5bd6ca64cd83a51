import { describe, expect, test } from 'vitest'
import {
  type ControlSettings,
  type HttpConfig,
  type HttpSettings,
  parseControlConfig,
  parseHttpConfig,
  parseRotateConfig,
  type RotateSettings,
} from '../../../functions/lambda/lambda-config.ts'
import type { ParsedConfig } from '../../../src/config/setting.ts'

const HTTP = {
  PUBLIC_URL: 'https://oidc.acme.dev',
  DEPLOYMENT: 'prod',
  AWS_REGION: 'eu-central-1',
  DOCUMENTS_BUCKET: 'signet-documents',
} satisfies HttpSettings
const CONTROL = { ...HTTP, ROTATE_FUNCTION: 'signet-rotate' } satisfies ControlSettings
const ROTATE_ARN = 'arn:aws:lambda:eu-central-1:999988887777:function:marked'
const SIGNER = 'arn:aws:iam::999988887777:role/marked-http'
const OTHER_SIGNER = 'arn:aws:iam::999988887777:role/marked-rotate'
const ROTATE = { ...HTTP, KMS_SIGNERS: `${SIGNER}, ${OTHER_SIGNER}` } satisfies RotateSettings
const WRAPPING = { KMS_WRAPPING_KEY: 'alias/signet' }

const PLACE = {
  host: {
    publicUrl: 'https://oidc.acme.dev',
    localHosts: undefined,
    hostAliases: [],
    deployment: 'prod',
  },
  region: 'eu-central-1',
  bucket: 'signet-documents',
  prefix: 'prod/',
}

type Settings = ControlSettings & RotateSettings
type Parse = (settings: Settings) => ParsedConfig<HttpConfig>

/** The first words of each problem, which name the setting; throws where a problem repeats what is nobody's business. */
function problemsOf(parse: Parse, settings: Settings): readonly string[] {
  const parsed = parse(settings)
  const problems = parsed.ok ? [] : parsed.problems
  const told = problems.filter((problem) => /arn:|9999|marked/i.test(problem))
  if (told.length > 0) throw new Error(`repeated: ${told.join('; ')}`)
  return problems.map((problem) => problem.split(' must be ')[0] ?? '')
}

describe.each<[string, Parse, Settings]>([
  ['the function of the public', parseHttpConfig, HTTP],
  ['the function of operators', parseControlConfig, CONTROL],
  ['the function that rotates', parseRotateConfig, ROTATE],
])('%s', (_, parse, good) => {
  test('has its documents in a bucket, each installation below its name', () => {
    expect(parse(good)).toMatchObject({ ok: true, config: PLACE })
  })

  test.each<[string, ControlSettings, string]>([
    ['no URL', { PUBLIC_URL: undefined }, 'PUBLIC_URL'],
    ['no deployment', { DEPLOYMENT: '' }, 'DEPLOYMENT'],
    ['no region', { AWS_REGION: undefined }, 'AWS_REGION'],
    ['no bucket', { DOCUMENTS_BUCKET: undefined }, 'DOCUMENTS_BUCKET'],
    ['a bucket that is no text', { DOCUMENTS_BUCKET: 7 }, 'DOCUMENTS_BUCKET'],
    ['a bucket of two letters', { DOCUMENTS_BUCKET: 'ab' }, 'DOCUMENTS_BUCKET'],
    ['a bucket of 64 letters', { DOCUMENTS_BUCKET: 'a'.repeat(64) }, 'DOCUMENTS_BUCKET'],
    ['a bucket in capitals', { DOCUMENTS_BUCKET: 'Marked' }, 'DOCUMENTS_BUCKET'],
    ['a bucket with a path', { DOCUMENTS_BUCKET: 'marked/prod' }, 'DOCUMENTS_BUCKET'],
    ['an ARN of a bucket', { DOCUMENTS_BUCKET: 'arn:aws:s3:::marked' }, 'DOCUMENTS_BUCKET'],
    [
      'an access point, which has an account',
      { DOCUMENTS_BUCKET: 'arn:aws:s3:eu-central-1:999988887777:accesspoint/marked' },
      'DOCUMENTS_BUCKET',
    ],
  ])('refuses %s', (_title, settings, name) => {
    expect(problemsOf(parse, { ...good, ...settings })).toEqual([name])
  })

  test('takes a bucket of 63 letters, and spaces around its settings', () => {
    const bucket = 'a'.repeat(63)
    const parsed = parse({ ...good, DOCUMENTS_BUCKET: ` ${bucket}\n`, AWS_REGION: 'eu-west-1 ' })
    expect(parsed).toMatchObject({ config: { bucket, region: 'eu-west-1' } })
  })
})

describe('the function of the public', () => {
  test('signs, and makes no keys: it has nothing of who makes them', () => {
    expect(parseHttpConfig({ ...ROTATE, ...CONTROL, ...WRAPPING })).toEqual({
      ok: true,
      config: { ...PLACE, wrappingKey: 'alias/signet', hostInPath: false },
    })
    expect(parseHttpConfig(HTTP)).toEqual({
      ok: true,
      config: { ...PLACE, wrappingKey: undefined, hostInPath: false },
    })
  })

  test('reports all that is wrong', () => {
    expect(problemsOf(parseHttpConfig, { KMS_WRAPPING_KEY: ROTATE_ARN })).toEqual([
      'PUBLIC_URL',
      'DEPLOYMENT',
      'AWS_REGION',
      'DOCUMENTS_BUCKET',
      'KMS_WRAPPING_KEY',
    ])
  })
})

describe('the function of operators', () => {
  test.each<[string, ControlSettings, object]>([
    ['keys in KMS', {}, { defaultCustody: 'kms', wrappingKey: undefined }],
    ['wrapped keys too', WRAPPING, { defaultCustody: 'kms', wrappingKey: 'alias/signet' }],
    [
      'wrapped keys by default',
      { ...WRAPPING, DEFAULT_CUSTODY: 'kms-wrapped' },
      { defaultCustody: 'kms-wrapped' },
    ],
    ['kms as it is', { DEFAULT_CUSTODY: 'kms' }, { defaultCustody: 'kms' }],
    ['a function by its name', {}, { rotateFunction: 'signet-rotate' }],
    ['a function by its ARN', { ROTATE_FUNCTION: ROTATE_ARN }, { rotateFunction: ROTATE_ARN }],
    [
      'an alias of a function',
      { ROTATE_FUNCTION: `${ROTATE_ARN}:live` },
      { rotateFunction: `${ROTATE_ARN}:live` },
    ],
  ])('has %s', (_, settings, expected) => {
    expect(parseControlConfig({ ...CONTROL, ...settings })).toMatchObject({
      ok: true,
      config: { ...PLACE, ...expected },
    })
  })

  test.each<[string, ControlSettings, readonly string[]]>([
    ['no function', { ROTATE_FUNCTION: undefined }, ['ROTATE_FUNCTION']],
    ['a function with spaces', { ROTATE_FUNCTION: 'a b' }, ['ROTATE_FUNCTION']],
    [
      'an ARN of something else',
      { ROTATE_FUNCTION: 'arn:aws:iam::999988887777:role/marked' },
      ['ROTATE_FUNCTION'],
    ],
    [
      'an ARN without its function',
      { ROTATE_FUNCTION: 'arn:aws:lambda:x:999988887777:function:' },
      ['ROTATE_FUNCTION'],
    ],
    ['a function of 65 letters', { ROTATE_FUNCTION: 'a'.repeat(65) }, ['ROTATE_FUNCTION']],
    ['keys that are sealed', { DEFAULT_CUSTODY: 'sealed' }, ['DEFAULT_CUSTODY']],
    [
      'wrapped keys without a wrapping key',
      { DEFAULT_CUSTODY: 'kms-wrapped' },
      ['DEFAULT_CUSTODY'],
    ],
    [
      'a wrapping key that is none, which is one problem and not two',
      { KMS_WRAPPING_KEY: ROTATE_ARN, DEFAULT_CUSTODY: 'kms-wrapped' },
      ['KMS_WRAPPING_KEY'],
    ],
    [
      'everything at once',
      {
        PUBLIC_URL: '',
        DEPLOYMENT: '',
        AWS_REGION: '',
        DOCUMENTS_BUCKET: ROTATE_ARN,
        KMS_WRAPPING_KEY: ROTATE_ARN,
        DEFAULT_CUSTODY: 'none',
        ROTATE_FUNCTION: ROTATE_ARN.slice(0, -6),
      },
      [
        'PUBLIC_URL',
        'DEPLOYMENT',
        'AWS_REGION',
        'DOCUMENTS_BUCKET',
        'KMS_WRAPPING_KEY',
        'DEFAULT_CUSTODY',
        'ROTATE_FUNCTION',
      ],
    ],
  ])('refuses %s', (_, settings, names) => {
    expect(problemsOf(parseControlConfig, { ...CONTROL, ...settings })).toEqual(names)
  })
})

describe('the function that rotates', () => {
  test.each<[string, RotateSettings, object]>([
    [
      'keys in KMS, and who may sign with them',
      {},
      { defaultCustody: 'kms', wrappingKey: undefined, signers: [SIGNER, OTHER_SIGNER] },
    ],
    ['one who may sign', { KMS_SIGNERS: SIGNER }, { signers: [SIGNER] }],
    ['wrapped keys too', WRAPPING, { defaultCustody: 'kms', wrappingKey: 'alias/signet' }],
    [
      'wrapped keys by default',
      { ...WRAPPING, DEFAULT_CUSTODY: 'kms-wrapped' },
      { defaultCustody: 'kms-wrapped' },
    ],
  ])('has %s', (_, settings, expected) => {
    expect(parseRotateConfig({ ...ROTATE, ...settings })).toMatchObject({
      ok: true,
      config: { ...PLACE, ...expected },
    })
  })

  test('needs no function that rotates', () => {
    const parsed = parseRotateConfig(ROTATE)
    expect(parsed.ok && Object.keys(parsed.config).toSorted()).toEqual([
      'bucket',
      'defaultCustody',
      'host',
      'prefix',
      'region',
      'signers',
      'wrappingKey',
    ])
  })

  test.each<[string, RotateSettings, readonly string[]]>([
    ['nobody who signs', { KMS_SIGNERS: undefined }, ['KMS_SIGNERS']],
    ['an empty list', { KMS_SIGNERS: ' ' }, ['KMS_SIGNERS']],
    ['a function that signs', { KMS_SIGNERS: ROTATE_ARN }, ['KMS_SIGNERS']],
    [
      'signers of two accounts',
      { KMS_SIGNERS: `${SIGNER},arn:aws:iam::111122223333:role/marked` },
      ['KMS_SIGNERS'],
    ],
    [
      'wrapped keys without a wrapping key',
      { DEFAULT_CUSTODY: 'kms-wrapped' },
      ['DEFAULT_CUSTODY'],
    ],
    [
      'everything at once',
      {
        PUBLIC_URL: '',
        DEPLOYMENT: '',
        AWS_REGION: '',
        DOCUMENTS_BUCKET: ROTATE_ARN,
        KMS_WRAPPING_KEY: ROTATE_ARN,
        DEFAULT_CUSTODY: 'none',
        KMS_SIGNERS: ROTATE_ARN,
      },
      [
        'PUBLIC_URL',
        'DEPLOYMENT',
        'AWS_REGION',
        'DOCUMENTS_BUCKET',
        'KMS_WRAPPING_KEY',
        'DEFAULT_CUSTODY',
        'KMS_SIGNERS',
      ],
    ],
  ])('refuses %s', (_, settings, names) => {
    expect(problemsOf(parseRotateConfig, { ...ROTATE, ...settings })).toEqual(names)
  })
})
