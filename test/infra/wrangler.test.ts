import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { parseWorkerConfig, type WorkerSettings } from '../../functions/worker/worker-config.ts'
import { WORKER_CRONS, WORKER_RUNTIME } from '../../functions/worker/runtime.ts'
import { workerSecrets } from '../../infra/deploy/worker-secrets.ts'
import { isJsonObject, type JsonObject } from '../../src/json.ts'

const ROOT = join(import.meta.dirname, '../..')
const TOML: JsonObject = parse(await readFile(join(ROOT, 'wrangler.toml'), 'utf8'))
const PRODUCTION = memberOf(memberOf(TOML, 'env'), 'production')
const SECRETS = workerSecrets(await readFile(join(ROOT, '.dev.vars.example'), 'utf8'))

function memberOf(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  if (!isJsonObject(value)) throw new TypeError(`wrangler.toml has no ${name}`)
  return value
}

test('wrangler.toml deploys to the runtime that the Worker is tried in', () => {
  const { DOCUMENTS, DIRECTORY } = WORKER_RUNTIME.durableObjects
  expect(TOML).toMatchObject({
    main: 'dist/worker/index.js',
    no_bundle: true,
    compatibility_date: WORKER_RUNTIME.compatibilityDate,
    compatibility_flags: WORKER_RUNTIME.compatibilityFlags,
    kv_namespaces: WORKER_RUNTIME.kvNamespaces.map((binding) => ({ binding })),
    durable_objects: {
      bindings: [
        { name: 'DOCUMENTS', class_name: DOCUMENTS.className },
        { name: 'DIRECTORY', class_name: DIRECTORY.className },
      ],
    },
    migrations: [{ tag: 'v1', new_sqlite_classes: [DOCUMENTS.className, DIRECTORY.className] }],
    triggers: { crons: Object.values(WORKER_CRONS) },
    observability: { enabled: true },
  })
})

describe('production', () => {
  /** What says where the Worker is and not what it is. */
  const OF_PRODUCTION_ALONE = ['name', 'workers_dev', 'preview_urls', 'routes']
  /** What wrangler hands down; everything else it leaves out, with a warning at most. */
  const HANDED_DOWN = [
    'name',
    'main',
    'no_bundle',
    'compatibility_date',
    'compatibility_flags',
    'workers_dev',
    'build',
    'triggers',
    'migrations',
  ]
  /** Known at the top level alone. */
  const OF_THE_FILE = ['send_metrics', 'env']

  test('has every binding and setting of the top level', () => {
    const repeated = Object.entries(TOML).filter(
      ([name]) => ![...HANDED_DOWN, ...OF_THE_FILE].includes(name),
    )
    const own = Object.entries(PRODUCTION).filter(([name]) => !OF_PRODUCTION_ALONE.includes(name))
    expect(Object.fromEntries(own)).toEqual({
      ...Object.fromEntries(repeated),
      ratelimits: expect.any(Array),
    })
    expect(own.length).toBeGreaterThanOrEqual(5)
  })

  test('has the limits of the Worker that is tried locally, and counts apart from a trial', () => {
    const limits = Object.entries(WORKER_RUNTIME.ratelimits)
    expect(PRODUCTION['ratelimits']).toEqual(limits.map(([name, limit]) => ({ name, ...limit })))
    expect(TOML['ratelimits']).toEqual(
      limits.map(([name, limit]) => ({ name, ...limit, namespace_id: '6982' })),
    )
  })

  test('is the Worker that is tried locally, at its own domain alone, and no other overwrites it', () => {
    expect(TOML['name']).not.toBe(WORKER_RUNTIME.name)
    expect(PRODUCTION).toMatchObject({
      name: WORKER_RUNTIME.name,
      workers_dev: false,
      preview_urls: false,
      routes: [{ pattern: 'oidc.example.com', custom_domain: true }],
      vars: { PUBLIC_URL: 'https://oidc.example.com' },
    })
  })

  test('logs every record of the Worker, and no headers of requests', () => {
    expect(PRODUCTION['observability']).toEqual({
      enabled: true,
      logs: { enabled: true, invocation_logs: false, head_sampling_rate: 1 },
    })
  })
})

describe('.dev.vars.example', () => {
  /** Every setting that there is: the compiler finds one that is missing, and one that is no setting. */
  const SETTINGS: Record<keyof WorkerSettings, 'secret' | 'in wrangler.toml' | 'for tests'> = {
    PUBLIC_URL: 'in wrangler.toml',
    HOST_ALIASES: 'in wrangler.toml',
    DEPLOYMENT: 'in wrangler.toml',
    DEFAULT_CUSTODY: 'in wrangler.toml',
    KMS_ENDPOINT: 'for tests',
    SEALED_SECRET: 'secret',
    SEALED_SECRET_PREVIOUS: 'secret',
    CONTROL_SECRET_SHA256: 'secret',
    CONTROL_TRUST: 'secret',
    KMS_SIGNERS: 'secret',
    KMS_WRAPPING_KEY: 'secret',
    AWS_REGION: 'secret',
    AWS_ACCESS_KEY_ID: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'secret',
  }

  function settingsThatAre(what: string): string[] {
    return Object.entries(SETTINGS).flatMap(([name, is]) => (is === what ? [name] : []))
  }

  test('has every secret of the Worker and nothing else', () => {
    const names = SECRETS.map(({ name }) => name)
    expect(names.toSorted()).toEqual(settingsThatAre('secret').toSorted())
  })

  test('says of each in one line what it is for', () => {
    expect(SECRETS.filter(({ meaning }) => !/^[A-Z0-9].{15,}\.$/.test(meaning))).toEqual([])
  })

  test('gives no secret a value', async () => {
    const text = await readFile(join(ROOT, '.dev.vars.example'), 'utf8')
    expect(text.split('\n').filter((line) => !/^(?:#.*|\w+=|)$/.test(line))).toEqual([])
  })

  test('wrangler.toml has the other settings, if only as comments', async () => {
    const text = await readFile(join(ROOT, 'wrangler.toml'), 'utf8')
    for (const name of settingsThatAre('in wrangler.toml')) {
      expect(text).toMatch(new RegExp(String.raw`^(?:# )?${name} = `, 'm'))
    }
  })

  test('what it names makes a Worker with each custody', () => {
    const given = {
      PUBLIC_URL: 'https://oidc.signet.internal',
      DEPLOYMENT: 'signet',
      SEALED_SECRET: btoa('0123456789abcdef0123456789abcdef'),
      KMS_SIGNERS: 'arn:aws:iam::111122223333:user/signet',
      KMS_WRAPPING_KEY: 'alias/signet',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI',
    }
    expect(parseWorkerConfig(given)).toMatchObject({
      ok: true,
      config: { sealedSecrets: {}, kms: { signers: [given.KMS_SIGNERS] } },
    })
  })
})
