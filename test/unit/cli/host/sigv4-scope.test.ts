import { expect, test } from 'vitest'
import { sigV4Scope } from '../../../../src/cli/host/sigv4-scope.ts'

const REGION_SET = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' }

test.each([
  ['https://a1b2.execute-api.eu-central-1.amazonaws.com', 'execute-api', 'eu-central-1'],
  ['https://a1b2.execute-api.eu-central-1.amazonaws.com/prod', 'execute-api', 'eu-central-1'],
  ['https://a1b2.execute-api.eu-central-1.amazonaws.com:8443', 'execute-api', 'eu-central-1'],
  ['https://a1b2.execute-api.eu-central-1.amazonaws.com.', 'execute-api', 'eu-central-1'],
  ['https://A1B2.Execute-Api.EU-Central-1.amazonaws.com', 'execute-api', 'eu-central-1'],
  ['https://a1b2.execute-api.cn-north-1.amazonaws.com.cn', 'execute-api', 'cn-north-1'],
  ['https://a1b2.execute-api.us-gov-west-1.amazonaws.com', 'execute-api', 'us-gov-west-1'],
  ['https://a1b2-vpce-0a.execute-api.eu-central-1.amazonaws.com', 'execute-api', 'eu-central-1'],
  ['https://a1b2.lambda-url.eu-central-1.on.aws', 'lambda', 'eu-central-1'],
  ['https://a1b2.lambda-url.ap-southeast-2.on.aws/', 'lambda', 'ap-southeast-2'],
  // Whatever only looks like one of them is a custom domain.
  ['https://oidc.example', 'execute-api', 'eu-west-1'],
  ['https://a.execute-api.eu-central-1.amazonaws.com.example', 'execute-api', 'eu-west-1'],
  ['https://a.b.execute-api.eu-central-1.amazonaws.com', 'execute-api', 'eu-west-1'],
  ['https://execute-api.eu-central-1.amazonaws.com', 'execute-api', 'eu-west-1'],
  ['https://a.lambda-url.eu-central-1.on.aws.example', 'execute-api', 'eu-west-1'],
  ['https://a.example/a.lambda-url.eu-central-1.on.aws', 'execute-api', 'eu-west-1'],
  ['http://127.0.0.1:4566', 'execute-api', 'eu-west-1'],
])('%s is signed for as %s in %s', (url, service, region) => {
  expect(sigV4Scope(new URL(url), REGION_SET)).toEqual({ service, region })
})

test('an empty AWS_REGION is none', () => {
  const env = { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-east-1' }
  expect(sigV4Scope(new URL('https://oidc.example'), env).region).toBe('us-east-1')
})

test.each([
  ['https://oidc.example', {}, 'this host names no region: set AWS_REGION'],
  ['https://oidc.example', { AWS_REGION: '' }, 'this host names no region: set AWS_REGION'],
  ['http://localhost:8787', {}, '--url of this machine needs --secret-file'],
  [
    'https://oidc.example',
    { AWS_REGION: 'a/b' },
    'AWS_REGION must name an AWS region, such as eu-central-1, got something else',
  ],
  ['https://oidc.example', { AWS_DEFAULT_REGION: 'a b' }, 'AWS_DEFAULT_REGION must name'],
])('%s with %j is a usage error', (url, env, sentence) => {
  const scope = (): unknown => sigV4Scope(new URL(url), env)
  expect(scope).toThrow(expect.objectContaining({ exitCode: 2 }))
  expect(scope).toThrow(sentence)
})
