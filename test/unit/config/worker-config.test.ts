import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseWorkerConfig, type WorkerSettings } from '../../../functions/worker/worker-config.ts'

const SECRET = Buffer.alloc(32, 0xfb)
const DIGEST = 'ab'.repeat(32)
const DIGEST_OF_NOTHING = createHash('sha256').digest('hex')

const GOOD = {
  PUBLIC_URL: 'https://oidc.acme.dev',
  DEPLOYMENT: 'prod',
  SEALED_SECRET: SECRET.toString('base64'),
} satisfies WorkerSettings

/** What every host has beside what the Worker has. */
function parseConfig(settings: WorkerSettings) {
  const parsed = parseWorkerConfig(settings)
  return parsed.ok ? { ...parsed, config: { ...parsed.config.host, ...parsed.config } } : parsed
}

function problemsOf(settings: WorkerSettings): readonly string[] {
  const parsed = parseConfig(settings)
  return parsed.ok ? [] : parsed.problems
}

describe('settings that are accepted', () => {
  test.each<[string, WorkerSettings, object]>([
    [
      'the three that are required',
      {},
      {
        publicUrl: 'https://oidc.acme.dev',
        deployment: 'prod',
        localHosts: undefined,
        controlSecretDigest: undefined,
      },
    ],
    [
      'a public URL with a port',
      { PUBLIC_URL: 'https://x.acme.dev:8443' },
      { publicUrl: 'https://x.acme.dev:8443' },
    ],
    [
      'a loopback URL, which makes the installation local',
      { PUBLIC_URL: 'http://127.0.0.1:8787' },
      { localHosts: ['127.0.0.1:8787', 'localhost:8787', '[::1]:8787'] },
    ],
    [
      'a loopback URL at the default port, which no Host header names',
      { PUBLIC_URL: 'http://localhost' },
      { localHosts: ['127.0.0.1', 'localhost', '[::1]'] },
    ],
    ...[
      'https://example.dev',
      'https://myexample.com',
      'https://example.com.acme.dev',
      'https://oidc.test.acme.dev',
      'https://latest',
    ].map((url): [string, WorkerSettings, object] => [
      `a host that only looks like a placeholder, ${url}`,
      { PUBLIC_URL: url },
      { publicUrl: url },
    ]),
    [
      'other hosts, beside the names of this machine where it is local',
      { PUBLIC_URL: 'http://127.0.0.1:8787', HOST_ALIASES: 'signet.acct.workers.dev, kind:8787' },
      {
        hostAliases: [
          'signet.acct.workers.dev',
          'kind:8787',
          '127.0.0.1:8787',
          'localhost:8787',
          '[::1]:8787',
        ],
      },
    ],
    ['no other host', { HOST_ALIASES: '' }, { hostAliases: [] }],
    ['a deployment of one character', { DEPLOYMENT: 'a' }, { deployment: 'a' }],
    [
      'a deployment of 32 characters',
      { DEPLOYMENT: 'a'.repeat(32) },
      { deployment: 'a'.repeat(32) },
    ],
    ['a deployment with inner hyphens', { DEPLOYMENT: 'eu-west-1' }, { deployment: 'eu-west-1' }],
    [
      'a digest in capitals',
      { CONTROL_SECRET_SHA256: DIGEST.toUpperCase() },
      { controlSecretDigest: new Uint8Array(32).fill(0xab) },
    ],
    [
      'a digest with the line end of the command that made it',
      { CONTROL_SECRET_SHA256: ` ${DIGEST}\n` },
      { controlSecretDigest: new Uint8Array(32).fill(0xab) },
    ],
    ['an empty digest as none', { CONTROL_SECRET_SHA256: '' }, { controlSecretDigest: undefined }],
  ])('%s', (_title, settings, expected) => {
    expect(parseConfig({ ...GOOD, ...settings })).toMatchObject({ ok: true, config: expected })
  })

  test.each([
    ['base64', SECRET.toString('base64')],
    ['base64 without padding', SECRET.toString('base64').replaceAll('=', '')],
    ['base64url', SECRET.toString('base64url')],
    ['base64 with the line end of the command that made it', `${SECRET.toString('base64')}\n`],
  ])('a sealed secret in %s, current and previous', (_title, text) => {
    const parsed = parseConfig({ ...GOOD, SEALED_SECRET: text, SEALED_SECRET_PREVIOUS: text })
    const bytes = new Uint8Array(SECRET)
    expect(parsed).toMatchObject({ config: { sealedSecrets: { current: bytes, previous: bytes } } })
  })

  test.each([
    ['unset', undefined],
    ['empty', ''],
  ])('no previous secret when it is %s', (_title, previous) => {
    const parsed = parseConfig({ ...GOOD, SEALED_SECRET_PREVIOUS: previous })
    expect(parsed).toMatchObject({
      ok: true,
      config: { sealedSecrets: { current: new Uint8Array(SECRET) } },
    })
    expect(parsed).not.toHaveProperty('config.sealedSecrets.previous')
  })

  test('make a configuration that nobody can change', () => {
    const parsed = parseWorkerConfig(GOOD)
    if (!parsed.ok) throw new Error(parsed.problems.join('; '))
    expect([parsed.config, parsed.config.host].map((each) => Object.isFrozen(each))).toEqual([
      true,
      true,
    ])
  })
})

describe('settings that are refused', () => {
  test.each<[string, WorkerSettings, string]>([
    ['refuses a URL as another host', { HOST_ALIASES: 'https://a.dev' }, 'HOST_ALIASES must be'],
    ['refuses a host with a path', { HOST_ALIASES: 'a.dev/x' }, 'got "a.dev/x" among them'],
    ['refuses a host in capitals', { HOST_ALIASES: 'a.dev,B.dev' }, 'got "B.dev" among them'],
    ['refuses an empty host', { HOST_ALIASES: 'a.dev,' }, 'got "" among them'],
    ['refuses hosts that are no text', { HOST_ALIASES: 1 }, 'HOST_ALIASES must be'],
    ['refuses no public URL', { PUBLIC_URL: undefined }, 'PUBLIC_URL must be a URL'],
    ['refuses a public URL that is none', { PUBLIC_URL: 'oidc' }, 'PUBLIC_URL must be a URL'],
    ['refuses http', { PUBLIC_URL: 'http://x.example' }, 'PUBLIC_URL must use https'],
    ['refuses a trailing slash', { PUBLIC_URL: 'https://x.example/' }, 'PUBLIC_URL must have no'],
    [
      'refuses a path, by the origin to use',
      { PUBLIC_URL: 'https://x.acme.dev:8443/a/b' },
      'PUBLIC_URL must have no path, got "https://x.acme.dev:8443/a/b": use "https://x.acme.dev:8443"',
    ],
    ...[
      'https://example.com',
      'https://oidc.example.com',
      'https://example.org',
      'https://a.b.example.net:8443',
      'https://oidc.example',
      'https://signet.invalid',
      'https://signet.test',
      'https://oidc.example.com.',
    ].map((url): [string, WorkerSettings, string] => [
      `refuses the placeholder ${url}`,
      { PUBLIC_URL: url },
      `PUBLIC_URL is the placeholder: set it to the URL at which this host is reached, got "${url}"`,
    ]),
    ['refuses no deployment', { DEPLOYMENT: undefined }, 'got nothing'],
    ['refuses an empty deployment', { DEPLOYMENT: '' }, 'DEPLOYMENT must be 1 to 32'],
    ['refuses a deployment of 33 characters', { DEPLOYMENT: 'a'.repeat(33) }, 'DEPLOYMENT must'],
    ['refuses capitals in a deployment', { DEPLOYMENT: 'Prod' }, 'got "Prod"'],
    [
      'refuses what steers terminals without repeating it',
      { DEPLOYMENT: 'a\u202eb' },
      String.raw`got "a\u{202e}b"`,
    ],
    ['refuses an outer hyphen', { DEPLOYMENT: 'prod-' }, 'got "prod-"'],
    ['refuses a deployment that is no string', { DEPLOYMENT: 7 }, 'got 7'],
    ['refuses no sealed secret', { SEALED_SECRET: undefined }, 'SEALED_SECRET must be at least 32'],
    [
      'refuses a sealed secret of 31 bytes',
      { SEALED_SECRET: Buffer.alloc(31).toString('base64') },
      'got 31 bytes',
    ],
    ['refuses a sealed secret that is not base64', { SEALED_SECRET: 'a b' }, 'got something else'],
    ['refuses a sealed secret that is no string', { SEALED_SECRET: 7 }, 'got something else'],
    [
      'refuses a short previous secret by its own name',
      { SEALED_SECRET_PREVIOUS: 'AAAA' },
      'SEALED_SECRET_PREVIOUS must be at least 32',
    ],
    [
      'refuses 63 digits of a digest',
      { CONTROL_SECRET_SHA256: DIGEST.slice(1) },
      'CONTROL_SECRET_SHA256 must be the SHA-256',
    ],
    [
      'refuses a digest in base64',
      { CONTROL_SECRET_SHA256: SECRET.toString('base64') },
      'CONTROL_SECRET_SHA256 must be the SHA-256',
    ],
    ['refuses a digest that is no string', { CONTROL_SECRET_SHA256: 7 }, 'CONTROL_SECRET_SHA256'],
    ...[DIGEST_OF_NOTHING, DIGEST_OF_NOTHING.toUpperCase(), `${DIGEST_OF_NOTHING}\n`].map(
      (digest): [string, WorkerSettings, string] => [
        `refuses the digest of an empty text, given as ${JSON.stringify(digest)}`,
        { CONTROL_SECRET_SHA256: digest },
        'CONTROL_SECRET_SHA256 is the SHA-256 of an empty text',
      ],
    ),
    ['refuses a digest of spaces', { CONTROL_SECRET_SHA256: ' ' }, 'CONTROL_SECRET_SHA256 must be'],
  ])('%s', (_title, settings, sentence) => {
    expect(problemsOf({ ...GOOD, ...settings })).toEqual([expect.stringContaining(sentence)])
  })

  test('refuses everything at once: each problem is said', () => {
    const problems = problemsOf({
      PUBLIC_URL: 'http://x.example',
      DEPLOYMENT: 'Prod',
      SEALED_SECRET: 'AAAA',
      SEALED_SECRET_PREVIOUS: 'AAAA',
      CONTROL_SECRET_SHA256: 'AAAA',
    })
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PUBLIC_URL',
      'DEPLOYMENT',
      'SEALED_SECRET',
      'SEALED_SECRET_PREVIOUS',
      'CONTROL_SECRET_SHA256',
    ])
  })

  test.each([
    ['a user', 'https://marked@x.example'],
    ['a password', 'https://user:marked@x.example/prod'],
    ['credentials without a scheme', 'user:marked@x.example'],
    ['a query', 'https://x.example/?token=marked'],
    ['a fragment', 'https://x.example/prod#marked'],
    ['a password in what is too long', `https://user:marked@${'x'.repeat(300)}.example`],
    ['a query behind http', 'http://x.example?marked'],
  ])('refuses a public URL with %s without repeating it', (_title, url) => {
    const problems = problemsOf({ ...GOOD, PUBLIC_URL: url })
    expect(problems).toEqual([expect.stringContaining('PUBLIC_URL must have ')])
    expect(problems.join(' ')).not.toContain('marked')
  })

  test('refuses no settings at all by naming those that are required', () => {
    const problems = problemsOf({})
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PUBLIC_URL',
      'DEPLOYMENT',
      'SEALED_SECRET',
    ])
  })

  test.each([
    ['is too short', 'TWFya2VkLXNlY3JldA'],
    ['is not base64', 'Marked secret!'],
    ['is no string', { secret: 'Marked' }],
  ])('refuses a secret that %s without repeating it', (_title, secret) => {
    const problems = problemsOf({
      ...GOOD,
      SEALED_SECRET: secret,
      SEALED_SECRET_PREVIOUS: secret,
      CONTROL_SECRET_SHA256: secret,
    })
    expect(problems).toHaveLength(3)
    expect(problems.join(' ')).not.toMatch(/Marked|TWFya2Vk/i)
  })
})
