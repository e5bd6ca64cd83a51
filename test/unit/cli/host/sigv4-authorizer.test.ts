import { describe, expect, test } from 'vitest'
import type { SigV4Scope } from '../../../../src/cli/host/sigv4-scope.ts'
import { sigV4Authorizer } from '../../../../src/cli/host/sigv4-authorizer.ts'

const url = 'https://a1b2.lambda-url.eu-central-1.on.aws'
const scope: SigV4Scope = { service: 'lambda', region: 'eu-central-1' }
const keys = { accessKeyId: 'AKIA', secretAccessKey: 'marked-secret' }
const lambda = sigV4Authorizer({ url, scope, credentials: async () => keys })

const request = {
  method: 'PUT',
  url: `${url}/control/issuers/prod/adopted-keys?retentionSeconds=3600`,
  headers: { 'Content-Type': 'application/json', 'If-Match': '"7"' },
  body: '{}',
}

describe('a Function URL', () => {
  test('gets a signature for Lambda, over the body and every header, and the headers themselves', async () => {
    const headers = await lambda.authorize(request)
    expect(headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-central-1\/lambda\/aws4_request, SignedHeaders=content-type;host;if-match;x-amz-content-sha256;x-amz-date, Signature=[\da-f]{64}$/,
    )
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json',
      'if-match': '"7"',
      'x-amz-content-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    })
    expect(JSON.stringify([...headers])).not.toContain('marked')
  })

  test('has a permission of its own', () => {
    const sentence = lambda.refusal({ method: 'GET', status: 403, json: { Message: 'Forbidden' } })
    expect(sentence).toContain('grant them lambda:InvokeFunctionUrl and lambda:InvokeFunction, and')
  })
})

test.each([
  ['no JSON', 403, undefined],
  ['no message', 403, {}],
  ['a message of another type', 503, { message: 1 }],
  ['a status that says nothing of AWS', 404, { message: 'Not Found' }],
  ['a redirect', 302, { message: 'Found' }],
])('an answer with %s is not one of AWS', (_title, status, json) => {
  expect(lambda.refusal({ method: 'GET', status, json })).toBeUndefined()
})

test('each request is signed with what the credentials are by then', async () => {
  let asked = 0
  const renewed = sigV4Authorizer({
    url,
    scope,
    credentials: async () => {
      asked += 1
      return { ...keys, accessKeyId: `AKIA${asked}`, sessionToken: `token-${asked}` }
    },
  })
  await renewed.authorize(request)
  const headers = await renewed.authorize(request)
  expect(headers.get('authorization')).toContain('Credential=AKIA2/')
  expect(headers.get('x-amz-security-token')).toBe('token-2')
})
