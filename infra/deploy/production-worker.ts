/**
 * What `wrangler.toml` says of production, checked before it is deployed: mistakes in it show only when nobody can verify a
 * token any more.
 */

import { parse } from 'smol-toml'
import { parseHostConfig } from '../../src/config/host-config.ts'
import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { firstFew, shown } from '../../src/printable.ts'

export interface ProductionWorker {
  readonly name: string
  readonly publicUrl: string
  /** Nothing is wrong but that the URL is still the one of the example. */
  readonly isPlaceholder: boolean
  /** Names of the settings that are in the file. */
  readonly settings: readonly string[]
}

export type CheckedProduction =
  | { readonly ok: true; readonly worker: ProductionWorker }
  | { readonly ok: false; readonly problems: readonly string[] }

const PLACEHOLDER_URL = 'https://oidc.example.com'
const IN_ITS_PLACE = { PUBLIC_URL: 'https://oidc.signet.internal' }

/** Who reads the file could sign with these, or be the operator. */
const NEVER_IN_THE_FILE = [
  'SEALED_SECRET',
  'SEALED_SECRET_PREVIOUS',
  'CONTROL_SECRET_SHA256',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
]

/** `toml`: the text of `wrangler.toml`. */
export function productionWorker(toml: string): CheckedProduction {
  const file = parsedToml(toml)
  const production = member(member(file, 'env'), 'production')
  const settings = member(production, 'vars')
  const publicUrl = settings['PUBLIC_URL']
  const isPlaceholder = publicUrl === PLACEHOLDER_URL
  const problems: string[] = []
  parseHostConfig({ ...settings, ...(isPlaceholder ? IN_ITS_PLACE : {}) }, problems)
  if (problems.length === 0) {
    problems.push(...routeProblems(production['routes'], String(publicUrl)))
  }
  problems.push(...nameProblems(production), ...secretProblems(file))
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    worker: {
      name: String(production['name']),
      publicUrl: String(publicUrl),
      isPlaceholder,
      settings: Object.keys(settings),
    },
  }
}

function parsedToml(toml: string): JsonObject {
  try {
    return parse(toml)
  } catch (cause) {
    throw new Error('wrangler.toml must be TOML, and is not: compare it with the one in git', {
      cause,
    })
  }
}

function member(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  return isJsonObject(value) ? value : {}
}

/** Issuers are found at the host of PUBLIC_URL alone, so something has to lead from it to the Worker. */
function routeProblems(routes: unknown, publicUrl: string): string[] {
  const { host } = new URL(publicUrl)
  const all = (Array.isArray(routes) ? routes : []).filter(isJsonObject)
  const domains = all.filter((route) => route['custom_domain'] === true)
  if (domains.some(({ pattern }) => pattern === host)) return []
  const given = domains.map(({ pattern }) => shown(pattern))
  return [
    `env.production.routes must have the host of PUBLIC_URL as a custom domain, got ${firstFew(given, ', ') || 'none'}: add { pattern = ${shown(host)}, custom_domain = true }`,
  ]
}

function nameProblems({ name, workers_dev: workersDev }: JsonObject): string[] {
  return [
    ...(typeof name === 'string' && name !== ''
      ? []
      : [
          `env.production.name must be the name of the Worker, got ${shown(name)}: without one wrangler makes up another Worker, which has none of the issuers`,
        ]),
    ...(workersDev === false
      ? []
      : [
          `env.production.workers_dev must be false, got ${shown(workersDev)}: a Worker that is reached at two hosts has two issuers in the eyes of its relying parties`,
        ]),
  ]
}

/** Of all environments: who reads one reads them all, and a secret of a trial is soon that of production. */
function secretProblems(file: JsonObject): string[] {
  const environments = Object.values(member(file, 'env')).filter(isJsonObject)
  const settings = [file, ...environments].map((each) => member(each, 'vars'))
  return NEVER_IN_THE_FILE.filter((name) => settings.some((each) => Object.hasOwn(each, name))).map(
    (name) =>
      `${name} must not be in wrangler.toml, which is for everyone to read: remove it and run npx wrangler secret put ${name} --env production`,
  )
}
