import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudflarePlan } from '../../infra/deploy/cloudflare-plan.ts'

const ROOT = join(import.meta.dirname, '../..')
const CLEAN_CLONE = {
  wranglerToml: readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'),
  devVarsExample: readFileSync(join(ROOT, '.dev.vars.example'), 'utf8'),
}

/** As somebody edits it who has a host. */
const CONFIGURED = edited(/oidc\.example\.com/g, 'oidc.signet.internal')

function edited(what: RegExp, by: string, toml = CLEAN_CLONE.wranglerToml): string {
  const text = toml.replace(what, by)
  expect(text).not.toBe(toml)
  return text
}

function plan(args: readonly string[], wranglerToml: string) {
  return cloudflarePlan(args, {}, { ...CLEAN_CLONE, wranglerToml })
}

/** The last of them: that of production. */
function production(what: string, by: string): string {
  const at = CONFIGURED.lastIndexOf(what)
  expect(at).toBeGreaterThan(CONFIGURED.indexOf('[env.production]'))
  return CONFIGURED.slice(0, at) + by + CONFIGURED.slice(at + what.length)
}

test('production is deployed, and what is for wrangler goes to wrangler', () => {
  const { command, announcement, remarks } = plan(['--', '--message', 'm'], CONFIGURED)
  expect(command).toEqual(['deploy', '--env', 'production', '--message', 'm'])
  expect(announcement).toContain('https://oidc.signet.internal')
  expect(remarks).toEqual([])
})

test('a clean clone can be tried, and says what is to be set', () => {
  const { command, remarks } = plan(['--dry-run'], CLEAN_CLONE.wranglerToml)
  expect(command).toContain('--dry-run')
  expect(remarks).toEqual([
    'Nothing was deployed: this was a dry run.',
    expect.stringContaining('still the placeholder'),
  ])
  expect(plan(['--dry-run'], CONFIGURED).remarks).toHaveLength(1)
})

test('a clean clone is not deployed', () => {
  expect(() => plan([], CLEAN_CLONE.wranglerToml)).toThrow('still the placeholder')
})

test('each secret is named with what it is for, but for those that the file has', () => {
  const { announcement } = plan([], CONFIGURED)
  expect(announcement).toMatch(/ {2}SEALED_SECRET +32 random bytes/)
  expect(announcement).toMatch(/ {2}KMS_WRAPPING_KEY +With keys in AWS KMS: ARN, id or alias/)
  const set = production('DEPLOYMENT = "signet"', 'DEPLOYMENT = "signet"\nCONTROL_TRUST = "[]"')
  expect(plan([], set).announcement).not.toMatch(/^ {2}CONTROL_TRUST/m)
})

test('a secret that only keys in AWS KMS need says so', () => {
  const { announcement } = plan(['--dry-run'], CLEAN_CLONE.wranglerToml)
  const lines = announcement.split('\n').filter((line) => /^ {2}(?:KMS|AWS)_/.test(line))
  expect(lines).toHaveLength(6)
  expect(lines).toEqual(lines.map(() => expect.stringContaining('  With keys in AWS KMS: ')))
})

test.each<[what: string, toml: string, problem: string]>([
  [
    'no production',
    CONFIGURED.slice(0, CONFIGURED.indexOf('[env.production]')),
    'PUBLIC_URL must be a URL',
  ],
  ['no TOML', '[', 'wrangler.toml must be TOML, and is not'],
  [
    'another host than the route',
    production('PUBLIC_URL = "https://oidc.signet', 'PUBLIC_URL = "https://other.signet'),
    'env.production.routes must have the host of PUBLIC_URL as a custom domain, got "oidc.signet.internal": add { pattern = "other.signet.internal", custom_domain = true }',
  ],
  [
    'a route that is no custom domain',
    production('custom_domain = true', 'zone_name = "signet.internal"'),
    'as a custom domain, got none',
  ],
  [
    'a path in PUBLIC_URL',
    production(
      'PUBLIC_URL = "https://oidc.signet.internal"',
      'PUBLIC_URL = "https://a.internal/b"',
    ),
    'PUBLIC_URL must have no path',
  ],
  ['a wrong DEPLOYMENT', production('"signet"', '"Signet"'), 'DEPLOYMENT must be'],
  ['no name', production('name = "signet"\n', ''), 'env.production.name must be'],
  ['workers.dev too', production('workers_dev = false', ''), 'env.production.workers_dev must be'],
  [
    'a secret in the file',
    production('DEPLOYMENT =', 'SEALED_SECRET = "c2VjcmV0"\nDEPLOYMENT ='),
    'SEALED_SECRET must not be in wrangler.toml',
  ],
  [
    'a secret of the trial in the file',
    edited(/^\[vars\]$/m, '[vars]\nCONTROL_SECRET_SHA256 = "00"', CONFIGURED),
    'CONTROL_SECRET_SHA256 must not be in wrangler.toml',
  ],
  [
    'a secret of another environment in the file',
    `${CONFIGURED}\n[env.staging.vars]\nAWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI"\n`,
    'AWS_SECRET_ACCESS_KEY must not be in wrangler.toml',
  ],
])('%s is refused', (_what, toml, problem) => {
  expect(() => plan(['--dry-run'], toml)).toThrow(problem)
})

test('no problem repeats a secret', () => {
  const toml = production('DEPLOYMENT =', 'AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI"\nDEPLOYMENT =')
  expect(() => plan([], toml)).toThrow(/^((?!wJalrXUtnFEMI).)*$/s)
})
