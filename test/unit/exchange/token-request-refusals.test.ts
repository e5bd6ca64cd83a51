import { describe, expect, test } from 'vitest'
import type { ExchangeRefusalReason } from '../../../src/exchange/exchange-refusal.ts'
import { readTokenRequest } from '../../../src/exchange/token-request.ts'
import { wireErrorOf } from '../../../src/exchange/wire-error.ts'
import { EXCHANGE_BODY_BYTES_MAX } from '../../../src/limits.ts'
import { AWS_AUDIENCE, formRequest, goodForm, JWT_TYPE, TOKEN_EXCHANGE } from './exchange-world.ts'
import { brokenOff, bytesRequest, GOOD, streamed } from './form-requests.ts'

const TYPE = 'urn:ietf:params:oauth:token-type:'

type Row = readonly [
  title: string,
  request: () => Request,
  reason: ExchangeRefusalReason,
  wire: string,
]

const changed = (changes: Parameters<typeof goodForm>[0]) => () =>
  formRequest(goodForm({ subject_token: 'a.b.c', ...changes }))
const body = (text: string) => () => formRequest(text)
const typed = (type: string) => () => formRequest(GOOD, { 'Content-Type': type })
const withHeader = (name: string, value: string) => () => formRequest(GOOD, { [name]: value })

const MEDIA: readonly Row[] = [
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  // As much as a host lets in, which must cost nothing.
  `application/x-www-form-urlencoded${' '.repeat(100_000)}x`,
  `application/x-www-form-urlencoded;charset=utf8${' '.repeat(100_000)}x`,
  'application/x-www-form-urlencoded; charset=iso-8859-1',
  'application/x-www-form-urlencoded; boundary=x',
  'application/x-www-form-urlencoded, application/json',
  'application/x-www-form-urlencodedx',
  '',
].map((type) => [
  `of type "${type.slice(0, 60)}"`,
  typed(type),
  'media_type_refused',
  '415 invalid_request',
])

const BODIES: readonly Row[] = [
  ['that is empty', body(''), 'parameter_missing', '400 invalid_request'],
  ['that is JSON', body(JSON.stringify(goodForm())), 'parameter_missing', '400 invalid_request'],
  [
    'that begins with a byte order mark',
    body(`\uFEFF${GOOD}`),
    'parameter_missing',
    '400 invalid_request',
  ],
  ...['%', '%4', '%zz', '%C3', '%FF', '%C0%AF', '%ED%A0%80', '%u0041'].map((escape): Row => [
    `with the escape ${escape}`,
    body(`${GOOD}&x=${escape}`),
    'form_malformed',
    '400 invalid_request',
  ]),
  ['with a name that is malformed', body(`${GOOD}&%=x`), 'form_malformed', '400 invalid_request'],
  [
    'that is not UTF-8',
    () => bytesRequest([...Buffer.from(GOOD), 0xff]),
    'form_malformed',
    '400 invalid_request',
  ],
  [
    'with half a character at its end',
    () => bytesRequest([...Buffer.from(GOOD), 0xc3]),
    'form_malformed',
    '400 invalid_request',
  ],
  ['that breaks off', brokenOff, 'form_malformed', '400 invalid_request'],
  [
    'one byte too long',
    body(GOOD.padEnd(EXCHANGE_BODY_BYTES_MAX + 1, '&')),
    'body_too_large',
    '413 invalid_request',
  ],
  [
    'too long in pieces, without a length',
    () => streamed([GOOD, '&'.repeat(EXCHANGE_BODY_BYTES_MAX)]),
    'body_too_large',
    '413 invalid_request',
  ],
  [
    'too long, under a length that is not true',
    () => streamed([GOOD, '&'.repeat(EXCHANGE_BODY_BYTES_MAX)], { 'Content-Length': '5' }),
    'body_too_large',
    '413 invalid_request',
  ],
  [
    'said to be too long',
    withHeader('Content-Length', String(EXCHANGE_BODY_BYTES_MAX + 1)),
    'body_too_large',
    '413 invalid_request',
  ],
]

const REPEATED: readonly Row[] = [
  ...['grant_type', 'subject_token', 'subject_token_type', 'unknown'].map((name): Row => [
    `with two of ${name}`,
    body(`${GOOD}&unknown=1&${name}=x`),
    'parameter_repeated',
    '400 invalid_request',
  ]),
  [
    'with two of subject_token, one of them empty',
    body(`subject_token=&${GOOD}`),
    'parameter_repeated',
    '400 invalid_request',
  ],
  [
    'with a name twice, once escaped',
    body(`${GOOD}&%67rant_type=x`),
    'parameter_repeated',
    '400 invalid_request',
  ],
  ['with two audiences', body(`${GOOD}&audience=x`), 'target_refused', '400 invalid_target'],
  [
    'with the same audience twice',
    body(`${GOOD}&audience=${AWS_AUDIENCE}`),
    'target_refused',
    '400 invalid_target',
  ],
  [
    'with two resources',
    body(`${GOOD}&resource=https://a.example&resource=https://b.example`),
    'target_refused',
    '400 invalid_target',
  ],
  [
    'with an audience and a resource',
    changed({ resource: 'https://a.example' }),
    'target_refused',
    '400 invalid_target',
  ],
]

const MISSING: readonly Row[] = [
  'grant_type',
  'subject_token',
  'subject_token_type',
  'audience',
].flatMap((name): Row[] => [
  [`without ${name}`, changed({ [name]: undefined }), 'parameter_missing', '400 invalid_request'],
  [`with an empty ${name}`, changed({ [name]: '' }), 'parameter_missing', '400 invalid_request'],
])

const VALUES: readonly Row[] = [
  ...['authorization_code', 'client_credentials', 'refresh_token', `${TOKEN_EXCHANGE} `].map(
    (grant): Row => [
      `of grant type "${grant}"`,
      changed({ grant_type: grant }),
      'grant_type_refused',
      '400 unsupported_grant_type',
    ],
  ),
  ...['refresh_token', 'saml1', 'saml2', 'JWT', ''].flatMap((type): Row[] => [
    [
      `of a subject token of type "${type}"`,
      changed({ subject_token_type: `${TYPE}${type}` }),
      'token_type_refused',
      '400 invalid_request',
    ],
    [
      `that requests type "${type}"`,
      changed({ requested_token_type: `${TYPE}${type}` }),
      'token_type_refused',
      '400 invalid_request',
    ],
  ]),
  ...[' a.b.c', 'a\n.b.c', 'a.b .c', 'a.b.c\r\n', 'a.\tb.c', 'Bearer a.b.c', 'a token'].map(
    (token): Row => [
      `with the subject token ${JSON.stringify(token)}`,
      changed({ subject_token: token }),
      'subject_token_malformed',
      '400 invalid_request',
    ],
  ),
  ['with an actor', changed({ actor_token: 'x' }), 'actor_refused', '400 invalid_request'],
  [
    'with the type of an actor',
    changed({ actor_token_type: JWT_TYPE }),
    'actor_refused',
    '400 invalid_request',
  ],
  ['with a scope', changed({ scope: 'openid' }), 'scope_refused', '400 invalid_scope'],
  [
    'with a client secret',
    changed({ client_id: 'x', client_secret: 'y' }),
    'client_authentication_refused',
    '400 invalid_client',
  ],
  [
    'with a client assertion',
    changed({ client_assertion: 'x.y.z' }),
    'client_authentication_refused',
    '400 invalid_client',
  ],
  [
    'with an Authorization header',
    withHeader('Authorization', 'Basic eDp5'),
    'authorization_refused',
    '401 invalid_client',
  ],
  [
    'with an empty Authorization header',
    withHeader('Authorization', ''),
    'authorization_refused',
    '401 invalid_client',
  ],
  [
    'with a query',
    () => new Request('https://oidc.example.com/prod/token?audience=x', formRequest(GOOD)),
    'parameter_refused',
    '400 invalid_request',
  ],
  ...['api.example.com', '/token', 'https://a.example/#x', '//a.example'].map((resource): Row => [
    `with the resource ${resource}`,
    changed({ audience: undefined, resource }),
    'target_refused',
    '400 invalid_target',
  ]),
  [
    'with an audience that is too long',
    changed({ audience: 'a'.repeat(256) }),
    'target_refused',
    '400 invalid_target',
  ],
  [
    'with an audience that steers a terminal',
    changed({ audience: 'a\u001b[2J' }),
    'target_refused',
    '400 invalid_target',
  ],
]

describe.each([
  ['type', MEDIA],
  ['body', BODIES],
  ['repetition', REPEATED],
  ['omission', MISSING],
  ['value', VALUES],
] as const)('refuses by its %s', (_kind, rows) => {
  test.each(rows)('a form %s', async (_title, request, reason, wire) => {
    const answer = await readTokenRequest(request())
    if (answer.ok) throw new Error('accepted, although it should be refused')
    const { status, error, description } = wireErrorOf(answer.refusal, 'request-id')
    expect([answer.refusal.reason, `${status} ${error}`]).toStrictEqual([reason, wire])
    expect(description).toMatch(/^[a-z].{20,400}[^.]$/i)
    // Nothing of what was sent, which may be a secret at the wrong place.
    expect(description).not.toMatch(/a\.b\.c|eDp5|x\.y\.z|api\.example/)
  })
})

test('a body that is said to be too long is not read', async () => {
  const request = streamed([GOOD], { 'Content-Length': '65537' })
  await readTokenRequest(request)
  expect(request.bodyUsed).toBe(false)
})
