import { describe, expect, test } from 'vitest'
import { parseControlTrust } from '../../../src/config/control-trust.ts'
import type { HostConfig } from '../../../src/config/host-config.ts'

const HOST: HostConfig = {
  publicUrl: 'https://oidc.example.com',
  localHosts: undefined,
  hostAliases: ['signet.example.workers.dev'],
  deployment: 'test',
}
const LOCAL: HostConfig = {
  publicUrl: 'http://127.0.0.1:8787',
  localHosts: ['127.0.0.1:8787', 'localhost:8787', '[::1]:8787'],
  hostAliases: ['127.0.0.1:8787', 'localhost:8787', '[::1]:8787'],
  deployment: 'test',
}

const GRANT = {
  name: 'ci',
  issuer: 'https://token.actions.githubusercontent.com',
  keys: { discovery: true },
  algorithms: ['RS256'],
  condition: 'claims.sub == "repo:acme/infra:ref:refs/heads/main"',
  allows: [{ actions: ['rotate'], issuers: ['prod'] }],
} as const

const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'marked-private' }

function parsed(value: unknown, host: HostConfig | undefined = HOST) {
  const problems: string[] = []
  const grants = parseControlTrust(value, host, problems)
  return { grants, problems }
}

function problemsOf(value: unknown, host?: HostConfig): string[] {
  const { grants, problems } = parsed(JSON.stringify(value), host)
  expect(grants).toBeUndefined()
  return problems
}

test.each([undefined, ''])('%j is unset', (value) => {
  expect(parsed(value)).toEqual({ grants: undefined, problems: [] })
})

describe('is taken', () => {
  test.each<[string, object, HostConfig | undefined]>([
    ['with discovery', {}, HOST],
    ['with keys on another host', { keys: { discovery: true, jwksHost: 'k.example.net' } }, HOST],
    ['with keys that are read later', { keys: { jwks: { keys: [KEY] } } }, HOST],
    ['with an age', { maxAgeSeconds: 600 }, HOST],
    ['with every issuer', { allows: [{ actions: ['read', 'create'], issuers: '*' }] }, HOST],
    [
      'with several allowances',
      {
        allows: [
          { actions: ['read'], issuers: '*' },
          { actions: ['adopt', 'rotate'], issuers: ['a', 'b'] },
        ],
      },
      HOST,
    ],
    ['with an issuer on this machine, locally', { issuer: 'http://localhost:9000' }, LOCAL],
    ['while the host is not known', { issuer: 'https://oidc.example.com' }, undefined],
    ['with a condition that a claim decides', { condition: 'claims.admin' }, HOST],
  ])('%s', (_title, changes, host) => {
    const grant = { ...GRANT, ...changes }
    const problems: string[] = []
    expect(parseControlTrust(JSON.stringify([grant]), host, problems)).toEqual([grant])
    expect(problems).toEqual([])
  })

  test('two issuers, and one issuer with two sets of keys', () => {
    const grants = [
      GRANT,
      { ...GRANT, name: 'dashboard', issuer: 'https://login.example.net' },
      { ...GRANT, name: 'by-key', keys: { jwks: { keys: [KEY] } } },
    ]
    expect(parsed(JSON.stringify(grants))).toEqual({ grants, problems: [] })
  })
})

describe('is refused', () => {
  test.each<[string, unknown, string]>([
    ['no text', 7, 'CONTROL_TRUST is no JSON: it must be a JSON list'],
    ['a list that is no text', [], 'CONTROL_TRUST is no JSON'],
    ['no JSON', '[{', 'CONTROL_TRUST is no JSON'],
    ['a member twice', '[{"name":"a","name":"b"}]', 'CONTROL_TRUST names a member twice'],
    ['no list', '{}', 'CONTROL_TRUST must be a list of 1 to 200 issuers'],
    ['a secret by mistake', '"marked-secret"', 'CONTROL_TRUST must be a list'],
    ['an empty list', '[]', 'CONTROL_TRUST must be a list of 1 to 200 issuers'],
    ['a list of texts', '["a"]', 'CONTROL_TRUST.0 must be an object with name, issuer'],
  ])('%s', (_title, value, sentence) => {
    const { grants, problems } = parsed(value)
    expect([grants, problems.length]).toEqual([undefined, 1])
    expect(problems[0]).toContain(sentence)
    expect(problems[0]).not.toContain('marked')
  })

  test.each<[string, object, string]>([
    ['no name', { name: undefined }, 'CONTROL_TRUST.0.name must be a DNS label'],
    ['an unknown member', { audiences: ['x'] }, 'CONTROL_TRUST.0.audiences is not known'],
    ['an audience', { audience: 'x' }, 'CONTROL_TRUST.0.audience is not known'],
    ['a template', { token: {} }, 'CONTROL_TRUST.0.token is not known'],
    ['http', { issuer: 'http://ci.example.net' }, 'CONTROL_TRUST.0.issuer must be an https URL'],
    [
      'http on this machine for a host elsewhere',
      { issuer: 'http://localhost:9000' },
      'CONTROL_TRUST.0.issuer must use https',
    ],
    ['no algorithm', { algorithms: [] }, 'CONTROL_TRUST.0.algorithms must be a list'],
    ['HS256', { algorithms: ['HS256'] }, 'CONTROL_TRUST.0.algorithms.0 must be one of RS256'],
    [
      'adopted keys',
      { keys: { adopted: true } },
      'CONTROL_TRUST.0.keys must be {"discovery": true}',
    ],
    ['a longer age than any', { maxAgeSeconds: 604_801 }, 'CONTROL_TRUST.0.maxAgeSeconds must be'],
    ['no condition', { condition: undefined }, 'CONTROL_TRUST.0.condition must be an expression'],
    [
      'a condition with a mistake',
      { condition: 'claims.sub ==' },
      'CONTROL_TRUST.0.condition (line 1',
    ],
    [
      'a condition that names nobody',
      { condition: 'true' },
      `CONTROL_TRUST.0.condition names nobody: everyone with a token of this issuer ("${GRANT.issuer}") would be let in`,
    ],
    [
      'a condition that names nobody, in many words',
      { condition: '!false || 1 == 2' },
      'CONTROL_TRUST.0.condition names nobody',
    ],
    [
      'a condition on nothing',
      { condition: 'token.sub == "a"' },
      'CONTROL_TRUST.0.condition (line 1',
    ],
    [
      'a condition that is a text',
      { condition: '"yes"' },
      'CONTROL_TRUST.0.condition must give true or false',
    ],
    ['nothing that is opened', { allows: [] }, 'CONTROL_TRUST.0.allows must be a list of 1 to'],
    [
      'no action',
      { allows: [{ actions: [], issuers: '*' }] },
      'CONTROL_TRUST.0.allows.0.actions must be a list of 1',
    ],
    [
      'an action that there is not',
      { allows: [{ actions: ['revoke'], issuers: '*' }] },
      'CONTROL_TRUST.0.allows.0.actions.0 must be one of read, rotate, sweep, create, update, delete, adopt, mint, policy, got "revoke"',
    ],
    [
      'every action by a star',
      { allows: [{ actions: '*', issuers: '*' }] },
      'CONTROL_TRUST.0.allows.0.actions must be a list',
    ],
    ...['prod', [], ['Prod'], ['*'], ['prod', 7], ['control'], undefined, {}, null].map(
      (issuers): [string, object, string] => [
        `the issuers ${JSON.stringify(issuers)}`,
        { allows: [{ actions: ['read'], issuers }] },
        'CONTROL_TRUST.0.allows.0.issuers must be "*" or a list of ids of issuers',
      ],
    ),
    [
      'creation of named issuers',
      { allows: [{ actions: ['read', 'create'], issuers: ['prod'] }] },
      'CONTROL_TRUST.0.allows.0.issuers must be "*" for create',
    ],
    [
      'an unknown member of an allowance',
      { allows: [{ actions: ['read'], issuers: '*', except: ['prod'] }] },
      'CONTROL_TRUST.0.allows.0.except is not known',
    ],
  ])('%s', (_title, changes, sentence) => {
    const problems = problemsOf([{ ...GRANT, ...changes }])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(sentence)
  })

  test.each([
    'https://oidc.example.com',
    'https://oidc.example.com/prod',
    'https://OIDC.example.com/prod',
    'https://oidc.example.com:443/prod',
    'https://oidc.example.com./prod',
    'https://signet.example.workers.dev/prod',
  ])('%s, which is of this installation', (issuer) => {
    expect(problemsOf([{ ...GRANT, issuer }])).toEqual([
      `CONTROL_TRUST.0.issuer must be no issuer of this installation, got "${issuer}": name the issuer of whoever operates it`,
    ])
  })

  test.each(['http://127.0.0.1:8787/demo', 'http://localhost:8787/demo', 'http://[::1]:8787'])(
    '%s, which is of this local installation',
    (issuer) => {
      expect(problemsOf([{ ...GRANT, issuer }], LOCAL).join()).toContain('of this installation')
    },
  )

  test.each(['oidc.example.com', 'signet.example.workers.dev'])(
    'keys at %s, where those of its own issuers are',
    (jwksHost) => {
      const [problem] = problemsOf([{ ...GRANT, keys: { discovery: true, jwksHost } }])
      expect(problem).toContain(
        'CONTROL_TRUST.0.keys.jwksHost must be no host of this installation',
      )
    },
  )

  test('a name twice, and an issuer that is discovered twice', () => {
    const other = { ...GRANT, issuer: 'https://other.example.net' }
    expect(problemsOf([GRANT, other])[0]).toContain('CONTROL_TRUST.1.name must be there once')
    expect(problemsOf([GRANT, { ...GRANT, name: 'b' }])[0]).toContain(
      'CONTROL_TRUST.1.issuer must be discovered once',
    )
  })

  test('with every problem, and without the keys', () => {
    const problems = problemsOf([
      { ...GRANT, condition: '1', keys: { adopted: true } },
      { ...GRANT, name: 'b', issuer: 'https://oidc.example.com', keys: { jwks: { keys: [KEY] } } },
    ])
    expect(problems).toHaveLength(3)
    expect(problems.join()).not.toContain('marked')
    const misplaced = problemsOf([{ ...GRANT, keys: { jwks: { keys: ['marked-secret'] } } }])
    expect(misplaced.join()).not.toContain('marked')
  })

  test('more than 200 issuers', () => {
    const many = Array.from({ length: 201 }, (_, i) => ({ ...GRANT, name: `n${i}` }))
    expect(problemsOf(many)).toHaveLength(1)
  })
})
