import { describe, expect, test } from 'vitest'
import {
  parseControlConfig,
  parseHttpConfig,
  parseRotateConfig,
} from '../../functions/lambda/lambda-config.ts'
import { at, readable, readableOne } from './readable.ts'
import { synthesized, TEST_SETTINGS } from '../support/synthesized.ts'

const { template } = await synthesized()

describe('functions', () => {
  test.each([
    ['Http', 1769, 20],
    ['Control', 1024, 29],
    ['Rotate', 1024, 900],
  ])('%s: its size, its role and its log', (name, memory, timeout) => {
    expect(readableOne(template, 'AWS::Lambda::Function', `HostFunctions${name}`)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: memory,
      Timeout: timeout,
      Role: `HostRoles${name}.Arn`,
      // Lines as they are written: in AWS's JSON they would be texts, and no metric filter would find a field.
      LoggingConfig: { LogGroup: `HostFunctions${name}Log`, LogFormat: 'Text' },
    })
  })

  test('are three', () => {
    expect(readable(template, 'AWS::Lambda::Function')).toHaveLength(3)
  })

  test('are what they are set to', async () => {
    const { template: set } = await synthesized({
      ...TEST_SETTINGS,
      functions: {
        http: { name: 'our-http', memoryMb: 512, timeoutSeconds: 10, concurrency: 50 },
        rotate: { memoryMb: 256 },
      },
      defaultCustody: 'kms-wrapped',
      deployment: 'prod-eu',
      logRetentionDays: 30,
    })
    const functionNamed = (id: string) => readableOne(set, 'AWS::Lambda::Function', id)
    expect(functionNamed('HostFunctionsHttp')).toMatchObject({
      FunctionName: 'our-http',
      MemorySize: 512,
      Timeout: 10,
      ReservedConcurrentExecutions: 50,
      Environment: { Variables: { DEPLOYMENT: 'prod-eu' } },
    })
    expect(functionNamed('HostFunctionsRotate')).toMatchObject({ MemorySize: 256, Timeout: 900 })
    expect(at(functionNamed('HostFunctionsControl'), 'Environment', 'Variables')).toMatchObject({
      DEFAULT_CUSTODY: 'kms-wrapped',
    })
    for (const { properties } of readable(set, 'AWS::Logs::LogGroup')) {
      expect(properties['RetentionInDays']).toBe(30)
    }
    expect(JSON.stringify(set)).not.toMatch(/:"signet"[,}].{0,40}signet:deployment/)
    expect(JSON.stringify(readable(set, 'AWS::IAM::Policy'))).not.toContain('/signet/')
  })

  const COMMON = {
    PUBLIC_URL: 'https://oidc.signet.internal',
    DEPLOYMENT: 'signet',
    DOCUMENTS_BUCKET: 'HostDocumentsBucket',
    KMS_WRAPPING_KEY: 'HostWrappingKey.Arn',
  }

  test.each([
    ['Http', { ...COMMON, HOST_IN_PATH: 'true' }],
    [
      'Control',
      {
        ...COMMON,
        ROTATE_FUNCTION: 'HostFunctionsRotate',
        STATIC_COPIES_BUCKET: 'HostStaticCopiesBucket',
      },
    ],
    [
      'Rotate',
      {
        ...COMMON,
        KMS_SIGNERS: 'HostRolesHttp.Arn,HostRolesControl.Arn,HostRolesRotate.Arn',
        STATIC_COPIES_BUCKET: 'HostStaticCopiesBucket',
      },
    ],
  ])('%s is configured with this and nothing else', (name, environment) => {
    const made = readableOne(template, 'AWS::Lambda::Function', `HostFunctions${name}`)
    expect(made['Environment']).toEqual({ Variables: environment })
  })

  test.each([
    ['Http', parseHttpConfig],
    ['Control', parseControlConfig],
    ['Rotate', parseRotateConfig],
  ] as const)('%s takes its configuration', (name, parse) => {
    const set = at(
      readableOne(template, 'AWS::Lambda::Function', `HostFunctions${name}`),
      'Environment',
      'Variables',
    ) as Readonly<Record<string, string>>
    const made: Record<string, string> = {
      DOCUMENTS_BUCKET: 'documents',
      STATIC_COPIES_BUCKET: 'copies',
      KMS_WRAPPING_KEY: 'alias/wrapping',
      KMS_SIGNERS: 'arn:aws:iam::111122223333:role/http',
      AWS_REGION: 'eu-central-1',
    }
    const chosen = Object.entries({ ...set, AWS_REGION: '' }).map(([key, value]) => [
      key,
      made[key] ?? value,
    ])
    expect(parse(Object.fromEntries(chosen))).toMatchObject({ ok: true })
  })
})
