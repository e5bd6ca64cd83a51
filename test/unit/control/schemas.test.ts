import { describe, expect, test } from 'vitest'
import {
  createIssuerBody,
  deleteIssuerBody,
  mintBody,
  updateIssuerBody,
} from '../../../src/control/schemas.ts'

const SCHEMAS = {
  create: createIssuerBody,
  update: updateIssuerBody,
  delete: deleteIssuerBody,
  mint: mintBody,
}
type Kind = keyof typeof SCHEMAS

/** Each problem as its place and its message; none where the body is taken. */
function problemsOf(kind: Kind, body: unknown): string[] {
  const parsed = SCHEMAS[kind].safeParse(body)
  if (parsed.success) return []
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** A JSON value of so many objects or lists, one in the other. */
function nested(depth: number, [open, close]: readonly [string, string]): unknown {
  return JSON.parse(`${open.repeat(depth - 1)}{}${close.repeat(depth - 1)}`)
}

const AUDIENCE = { audience: 'sts.amazonaws.com' }
const OBJECTS = ['{"a":', '}'] as const
const LISTS = ['[', ']'] as const
const REASON = 'must be 1 to 500 printable characters without spaces at its ends'
const SECONDS = 'must be a whole number of seconds, at least 60'
const DEEP = ': must be nested at most 16 deep'
const NAMED =
  'must not be given (only the issuer sets iss, sub, aud, exp, nbf, iat, jti, azp, kubernetes.io)'

describe('a body that is taken', () => {
  test.each<[string, Kind, unknown]>([
    ['creates with the id alone', 'create', { id: 'prod' }],
    ['creates with an empty policy', 'create', { id: 'prod', policy: {} }],
    [
      'creates with every setting',
      'create',
      {
        id: 'prod',
        policy: {
          algorithm: 'ES256',
          custody: 'sealed',
          rotationPeriodSeconds: 1,
          propagationDelaySeconds: 1,
          tokenTtlMaxSeconds: 1,
          jwksMaxAgeSeconds: 1,
        },
      },
    ],
    ['updates a duration', 'update', { policy: { tokenTtlMaxSeconds: 900 } }],
    ['deletes without a reason', 'delete', {}],
    ['deletes with a reason of 500 characters', 'delete', { reason: 'ä'.repeat(500) }],
    ['mints for an audience alone', 'mint', AUDIENCE],
    ['mints for a subject of 600 characters', 'mint', { ...AUDIENCE, subject: 's'.repeat(600) }],
    ['mints for an audience of 255 characters', 'mint', { audience: 'a'.repeat(255) }],
    ['mints for the least lifetime', 'mint', { ...AUDIENCE, ttlSeconds: 60 }],
    [
      'mints for a service account',
      'mint',
      { ...AUDIENCE, serviceAccount: { namespace: 'web', name: 'api.v1', uid: 'a-uid' } },
    ],
    [
      'mints with further claims',
      'mint',
      { ...AUDIENCE, claims: { groups: ['a'], nothing: null } },
    ],
    ['mints with no further claims', 'mint', { ...AUDIENCE, claims: {} }],
    ['mints with objects 16 deep', 'mint', { ...AUDIENCE, claims: nested(16, OBJECTS) }],
    ['mints with lists 16 deep', 'mint', { ...AUDIENCE, claims: { a: nested(15, LISTS) } }],
    [
      'mints with a registered name inside of a claim',
      'mint',
      { ...AUDIENCE, claims: { act: { sub: 'other', iss: 'https://x.example' } } },
    ],
  ])('%s', (_title, kind, body) => {
    expect(SCHEMAS[kind].safeParse(body)).toEqual({ success: true, data: body })
  })
})

describe('a body that is refused', () => {
  test.each<[string, Kind, unknown, string[]]>([
    ['refuses no id', 'create', {}, ['id: must be a string such as "prod"']],
    [
      'refuses an id that is a number',
      'create',
      { id: 7 },
      ['id: must be a string such as "prod"'],
    ],
    [
      'refuses another algorithm',
      'create',
      { id: 'prod', policy: { algorithm: 'none' } },
      ['policy.algorithm: must be one of RS256, ES256'],
    ],
    [
      'refuses another custody',
      'create',
      { id: 'prod', policy: { custody: 'clear' } },
      ['policy.custody: must be one of kms, kms-wrapped, sealed, none'],
    ],
    [
      'refuses half a second by the bounds of its setting',
      'update',
      { policy: { tokenTtlMaxSeconds: 600.5 } },
      ['policy.tokenTtlMaxSeconds: must be a whole number of seconds from 600 to 86400'],
    ],
    ['refuses an update of nothing', 'update', {}, ['policy: must be a JSON object']],
    [
      'refuses an update by an unknown setting',
      'update',
      { policy: { keyType: 'EC' } },
      [
        'policy: known are algorithm, custody, rotationPeriodSeconds, propagationDelaySeconds, tokenTtlMaxSeconds, jwksMaxAgeSeconds',
      ],
    ],
    [
      'refuses another algorithm of an update',
      'update',
      { policy: { algorithm: 'HS256' } },
      ['policy.algorithm: must be one of RS256, ES256'],
    ],
    [
      'refuses a dry run in words',
      'update',
      { policy: {}, dryRun: 'yes' },
      ['dryRun: must be true or false'],
    ],
    ['refuses an unknown member', 'delete', { because: 'x' }, [': known are reason']],
    ['refuses an empty reason', 'delete', { reason: '' }, [`reason: ${REASON}`]],
    [
      'refuses a reason of 501 characters',
      'delete',
      { reason: 'a'.repeat(501) },
      [`reason: ${REASON}`],
    ],
    ['refuses a reason of two lines', 'delete', { reason: 'a\nb' }, [`reason: ${REASON}`]],
    ['refuses half a character', 'delete', { reason: '\ud83d' }, [`reason: ${REASON}`]],
    ['refuses a zero-width space', 'delete', { reason: 'a\u200bb' }, [`reason: ${REASON}`]],
    ['refuses to turn the line round', 'delete', { reason: 'a\u202eb' }, [`reason: ${REASON}`]],
    ['refuses a line separator', 'delete', { reason: 'a\u2028b' }, [`reason: ${REASON}`]],
    ['refuses a paragraph separator', 'delete', { reason: 'a\u2029b' }, [`reason: ${REASON}`]],
    ['refuses a space in front', 'delete', { reason: ' a' }, [`reason: ${REASON}`]],
    [
      'refuses no audience',
      'mint',
      {},
      ['audience: must be 1 to 255 printable characters without spaces at its ends'],
    ],
    [
      'refuses several audiences',
      'mint',
      { audience: ['a', 'b'] },
      ['audience: must be 1 to 255 printable characters without spaces at its ends'],
    ],
    [
      'refuses half a second of life',
      'mint',
      { ...AUDIENCE, ttlSeconds: 60.5 },
      [`ttlSeconds: ${SECONDS}`],
    ],
    [
      'refuses a lifetime of 59 seconds',
      'mint',
      { ...AUDIENCE, ttlSeconds: 59 },
      [`ttlSeconds: ${SECONDS}`],
    ],
    [
      'refuses a lifetime in words',
      'mint',
      { ...AUDIENCE, ttlSeconds: '600' },
      [`ttlSeconds: ${SECONDS}`],
    ],
    [
      'refuses names that Kubernetes would refuse',
      'mint',
      { ...AUDIENCE, serviceAccount: { namespace: 'Web', name: 'a:b' } },
      [
        'serviceAccount.namespace: must be a Kubernetes namespace (a DNS label)',
        'serviceAccount.name: must be a Kubernetes service account name (a DNS name)',
      ],
    ],
    ...[[], null, 'groups', 7].map((claims): [string, Kind, unknown, string[]] => [
      `refuses ${JSON.stringify(claims)} as claims`,
      'mint',
      { ...AUDIENCE, claims },
      ['claims: must be a JSON object of further claims'],
    ]),
    [
      'refuses objects 17 deep',
      'mint',
      { ...AUDIENCE, claims: nested(17, OBJECTS) },
      [`claims.a${DEEP}`],
    ],
    [
      'refuses lists 17 deep',
      'mint',
      { ...AUDIENCE, claims: { a: nested(16, LISTS) } },
      [`claims.a${DEEP}`],
    ],
    [
      'refuses lists that would overflow the stack',
      'mint',
      { ...AUDIENCE, claims: { a: nested(6000, LISTS) } },
      [`claims.a${DEEP}`],
    ],
    [
      'refuses a deep claim behind a shallow one',
      'mint',
      { ...AUDIENCE, claims: { a: 1, b: nested(16, OBJECTS) } },
      [`claims.b${DEEP}`],
    ],
  ])('%s', (_title, kind, body, problems) => {
    expect(problemsOf(kind, body)).toEqual(problems)
  })

  test.each(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'kubernetes.io'])(
    'refuses %s among further claims',
    (name) => {
      const claims: unknown = JSON.parse(`{"groups":[],${JSON.stringify(name)}:{"admin":true}}`)
      expect(problemsOf('mint', { ...AUDIENCE, claims })).toEqual([`claims.${name}: ${NAMED}`])
    },
  )

  test.each<Kind>(['create', 'update', 'delete', 'mint'])(
    'refuses to %s by what is no object',
    (kind) => {
      const bodies = [null, [], 'text', 7]
      expect(bodies.flatMap((body) => problemsOf(kind, body))).toEqual(
        bodies.map(() => ': must be a JSON object'),
      )
    },
  )
})
