import { aws_logs as logs } from 'aws-cdk-lib'
import { unzipSync } from 'fflate'
import { createHash } from 'node:crypto'
import { parse } from 'smol-toml'
import { beforeAll, describe, expect, test } from 'vitest'
import { RELEASE_PARAMETERS, type ReleaseParameter } from '../../infra/deploy/release-parameters.ts'
import {
  releaseFiles,
  type ReleaseSources,
  SUMS_FILE,
  TEMPLATE_FILE,
} from '../../infra/deploy/release-files.ts'
import { releaseSources } from '../../infra/deploy/release-sources.ts'
import { releasedWranglerToml } from '../../infra/deploy/release-worker.ts'
import { releaseZip } from '../../infra/deploy/release-zip.ts'
import { ISSUER_HOST_DEFAULTS } from '../../infra/issuer-host/issuer-host-props.ts'
import { LAMBDA_NAMES } from '../../infra/issuer-host/each-function.ts'
import { resourcesOf, type Template } from '../support/aws/template.ts'
import { synthesized } from '../support/synthesized.ts'

let sources: ReleaseSources
let files: ReadonlyMap<string, Uint8Array>
let template: Template
let app: Template

beforeAll(async () => {
  sources = await releaseSources()
  files = releaseFiles(sources)
  template = JSON.parse(textOf(TEMPLATE_FILE)) as Template
  app = (await synthesized()).template
})

function textOf(path: string): string {
  return new TextDecoder().decode(files.get(path))
}

function archiveOf(name: string, release: ReadonlyMap<string, Uint8Array>): string {
  return [...release.keys()].find((path) => path.startsWith(`functions/${name}-`)) ?? ''
}

function codeOf(entry: string): { readonly S3Bucket: unknown; readonly S3Key: unknown } {
  const found = resourcesOf(template, 'AWS::Lambda::Function').find(([id]) =>
    new RegExp(`${entry}[0-9A-F]{8}$`, 'i').test(id),
  )
  return found?.[1].Properties?.['Code'] as ReturnType<typeof codeOf>
}

describe('the archives', () => {
  test.each(LAMBDA_NAMES)('%s: the template points at one that is there', (name) => {
    expect(codeOf(name)).toEqual({
      S3Bucket: { Ref: 'CodeBucket' },
      S3Key: { 'Fn::Join': ['', [{ Ref: 'CodePrefix' }, archiveOf(name, files).slice(10)]] },
    })
  })

  test.each(LAMBDA_NAMES)('%s: it has the bundle, its map and nothing else', (name) => {
    const unpacked = unzipSync(files.get(archiveOf(name, files)) ?? new Uint8Array())
    expect(Object.keys(unpacked)).toEqual(['index.mjs', 'index.mjs.map'])
    for (const [file, content] of Object.entries(sources.functions[name])) {
      expect(Buffer.from(unpacked[file] ?? []).equals(content)).toBe(true)
    }
  })

  test('have the same bytes whatever the order of their files', () => {
    const one = new Uint8Array([1])
    const other = new Uint8Array([2])
    expect(releaseZip({ a: one, b: other })).toEqual(releaseZip({ b: other, a: one }))
    expect(releaseZip({ a: one })).not.toEqual(releaseZip({ a: other }))
  })

  test('have a fixed date, and files that everyone may read', () => {
    const bytes = releaseZip({ a: new Uint8Array([1]) })
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const entry = bytes.findIndex(
      (_, at) => at + 4 <= bytes.length && view.getUint32(at, true) === 0x02014b50,
    )
    // 1980-01-01 12:00:00, then "made by Unix" and the mode of a file.
    expect(view.getUint32(entry + 12, true)).toBe((1 << 21) | (1 << 16) | (12 << 11))
    expect(bytes[entry + 5]).toBe(3)
    expect(view.getUint32(entry + 38, true) >>> 16).toBe(0o100_644)
  })
})

describe('another release, of which one function has changed', () => {
  let others: ReadonlyMap<string, Uint8Array>

  beforeAll(() => {
    const http = { ...sources.functions.http, 'index.mjs': new TextEncoder().encode('other') }
    others = releaseFiles({ ...sources, functions: { ...sources.functions, http } })
  })

  test('has an archive of another name, and the template points at it', () => {
    expect([...others.keys()].filter((path) => !files.has(path))).toEqual([
      expect.stringMatching(/^functions\/http-[0-9a-f]{16}\.zip$/),
    ])
    const [before, after] = [archiveOf('http', files), archiveOf('http', others)].map((path) =>
      path.slice(10),
    )
    const ofOthers = new TextDecoder().decode(others.get(TEMPLATE_FILE))
    expect(ofOthers).toContain(`"${after}"`)
    expect(ofOthers.replace(`"${after}"`, `"${before}"`)).toBe(textOf(TEMPLATE_FILE))
  })

  test('has the same bytes where its sources are the same', () => {
    const changed = [...files].filter(([path, bytes]) => {
      return !Buffer.from(others.get(path) ?? []).equals(bytes)
    })
    expect(changed.map(([path]) => path)).toEqual([
      TEMPLATE_FILE,
      archiveOf('http', files),
      SUMS_FILE,
    ])
  })
})

describe('the template', () => {
  test('has no trace of the CDK: no assets, no bootstrap, no rules', () => {
    expect(Object.keys(template).toSorted()).toEqual([
      'Conditions',
      'Description',
      'Outputs',
      'Parameters',
      'Resources',
    ])
    expect(textOf(TEMPLATE_FILE)).not.toMatch(/cdk|bootstrap|asset/i)
  })

  test('is smaller than what CloudFormation takes from a bucket, and larger than what it takes directly', () => {
    const bytes = files.get(TEMPLATE_FILE)?.length ?? 0
    expect(bytes).toBeLessThan(1_000_000)
    // When this fails, README.txt needs no bucket for the template any more.
    expect(bytes).toBeGreaterThan(51_200)
  })

  test('makes what the app makes, under the same names, so that one may take over from the other', () => {
    const own = Object.keys(template.Resources).filter((id) => id !== 'AlarmEmailSubscription')
    expect(own.toSorted()).toEqual(Object.keys(app.Resources).toSorted())
  })

  test('names no role, so that CAPABILITY_IAM is enough', () => {
    for (const type of ['AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::User']) {
      for (const [, { Properties = {} }] of resourcesOf(template, type)) {
        expect(Object.keys(Properties).filter((name) => name.endsWith('Name'))).toEqual([])
      }
    }
  })

  test('subscribes nobody where no address is given', () => {
    expect(template.Resources['AlarmEmailSubscription']).toMatchObject({
      Condition: 'HasAlarmEmail',
      Properties: { Endpoint: { Ref: 'AlarmEmail' }, Protocol: 'email' },
    })
    expect(template).toMatchObject({
      Conditions: {
        HasAlarmEmail: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmEmail' }, ''] }] },
      },
    })
  })
})

/** As CloudFormation takes a pattern: for the whole of a value, of a list for each of its values. */
function isTaken(name: PatternedParameter, value: string): boolean {
  return new RegExp(`^(?:${RELEASE_PARAMETERS[name].allowedPattern})$`).test(value)
}

type PatternedParameter = Exclude<ReleaseParameter, 'DefaultCustody' | 'LogRetentionDays'>

describe('the parameters', () => {
  test.each(Object.entries(RELEASE_PARAMETERS))(
    '%s is described, bound and used',
    (name, props) => {
      const { Parameters } = JSON.parse(textOf(TEMPLATE_FILE)) as {
        readonly Parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>
      }
      const { Type, Description, AllowedPattern, AllowedValues, ConstraintDescription } =
        Parameters[name] ?? {}
      expect(Type).toBe(props.type)
      expect(Description).toMatch(/^.{15,}[^.]$/)
      // Of one that is one of a few values, these are the sentence.
      expect(AllowedValues ?? ConstraintDescription).toEqual(
        'allowedValues' in props ? props.allowedValues : props.constraintDescription,
      )
      expect(AllowedPattern).toBe('allowedPattern' in props ? props.allowedPattern : undefined)
      expect(textOf(TEMPLATE_FILE)).toMatch(new RegExp(String.raw`"Ref":\s*"${name}"`))
    },
  )

  test('are these alone', () => {
    const { Parameters } = JSON.parse(textOf(TEMPLATE_FILE)) as { readonly Parameters: object }
    expect(Object.keys(Parameters)).toEqual(Object.keys(RELEASE_PARAMETERS))
  })

  test.each([
    ['DomainNames', 'oidc.signet.internal', true],
    ['DomainNames', 'localhost', false],
    ['DomainNames', '192.168.0.1', false],
    ['DomainNames', 'OIDC.signet.internal', false],
    ['DomainNames', 'https://oidc.signet.internal', false],
    ['DomainNames', '*.signet.internal', false],
    ['CertificateArn', 'arn:aws:acm:us-east-1:111122223333:certificate/1-2', true],
    ['CertificateArn', 'arn:aws:acm:eu-central-1:111122223333:certificate/1-2', false],
    ['CodeBucket', 'my-bucket', true],
    ['CodeBucket', 's3://my-bucket', false],
    ['CodePrefix', '', true],
    ['CodePrefix', 'a/b/', true],
    ['CodePrefix', 'a', false],
    ['Deployment', 'eu-2', true],
    ['Deployment', 'EU', false],
    ['AlarmEmail', '', true],
    ['AlarmEmail', 'operations@signet.internal', true],
    ['AlarmEmail', 'operations', false],
  ] as const)('%s: %j is taken: %s', (name, value, taken) => {
    expect(isTaken(name, value)).toBe(taken)
  })

  test('have values by default that are taken', () => {
    for (const name of ['CodePrefix', 'Deployment', 'AlarmEmail'] as const) {
      expect(isTaken(name, RELEASE_PARAMETERS[name].default)).toBe(true)
    }
    expect(RELEASE_PARAMETERS.DefaultCustody.allowedValues).toContain('kms')
    expect(RELEASE_PARAMETERS.LogRetentionDays.allowedValues).toContain('365')
  })
})

describe('the Worker', () => {
  test('is deployed as it is: no build, and the bundle beside the file', () => {
    const released = parse(textOf('worker/wrangler.toml'))
    const { build, ...before } = parse(sources.wranglerToml)
    expect(build).toBeDefined()
    expect(released).toEqual({ ...before, main: 'index.js' })
    expect(files.get('worker/index.js')).toEqual(sources.worker)
    expect(textOf('worker/.dev.vars.example')).toBe(sources.devVarsExample)
  })

  test.each([/^main = .*$/m, /^\[build\]$/m])(
    'wrangler.toml without %s is not released',
    (what) => {
      expect(() => releasedWranglerToml(sources.wranglerToml.replace(what, ''))).toThrow(TypeError)
    },
  )
})

test('each file but the sums themselves has its sum, by which it can be checked', () => {
  const lines = textOf(SUMS_FILE).trimEnd().split('\n')
  const expected = [...files].flatMap(([path, bytes]) =>
    path === SUMS_FILE ? [] : [`${createHash('sha256').update(bytes).digest('hex')}  ${path}`],
  )
  expect(lines.toSorted()).toEqual(expected.toSorted())
  expect(lines).toHaveLength(8)
})

test('values by default are those of the app', () => {
  const values = Object.entries(RELEASE_PARAMETERS).flatMap(([name, props]) =>
    'default' in props ? [[name, props.default]] : [],
  )
  expect(Object.fromEntries(values)).toEqual({
    CodePrefix: 'signet/',
    Deployment: ISSUER_HOST_DEFAULTS.deployment,
    DefaultCustody: 'kms',
    AlarmEmail: '',
    LogRetentionDays: logs.RetentionDays.ONE_YEAR,
  })
})
