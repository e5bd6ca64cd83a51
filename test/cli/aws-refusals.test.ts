import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { answeringHost } from '../support/answering-host.ts'
import { signet, temporaryDirectory } from '../support/signet.ts'
import { awsEnvironment, CREDENTIALS, keyVariables } from './aws-environment.ts'
import { signetHere } from './in-process.ts'

const directory = await temporaryDirectory()
afterAll(() => directory[Symbol.asyncDispose]())

beforeEach(() => {
  stub({ ...awsEnvironment(directory.path), ...keyVariables(CREDENTIALS) })
})
afterEach(() => {
  vi.unstubAllEnvs()
})

function stub(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}

describe('a command line that cannot be signed for', () => {
  const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' }

  test.each([
    ['is without credentials', noKeys, 'no AWS credentials were found: sign in'],
    [
      'names a profile that is not there',
      { AWS_PROFILE: 'marked-profile' },
      'no AWS credentials were found: the profile of AWS_PROFILE has none, or is not there; correct it',
    ],
    [
      'has a token of two lines',
      { AWS_SESSION_TOKEN: `${CREDENTIALS.sessionToken}\nmore` },
      'the AWS credentials hold characters that no credential has',
    ],
    [
      'has no region',
      { AWS_REGION: '' },
      '--url of this machine needs --secret-file, which a Signet that runs here takes: give it, or set AWS_REGION',
    ],
    [
      'has a region that is none',
      { AWS_REGION: 'eu central' },
      'AWS_REGION must name an AWS region',
    ],
  ])('%s, and sends nothing', async (_title, env, sentence) => {
    await using host = await answeringHost(200, '{"issuers":[],"next":null}')
    stub(env)
    const listed = await signetHere(['issuer', 'list', '--url', host.url])
    expect(listed).toMatchObject({ code: 2, stdout: '' })
    expect(listed.stderr).toContain(`signet: ${sentence}`)
    expectDiscreet(listed.stderr)
    expect(host.requests).toEqual([])
  })

  test.each([
    ['http://a.example'],
    ['https://user:word@a.example'],
    ['https://a.example?b'],
    ['https://a.example#b'],
  ])('names %s, where no signature may go', async (url) => {
    const listed = await signetHere(['issuer', 'list', '--url', url])
    expect(listed).toMatchObject({ code: 2, stdout: '' })
    expect(listed.stderr).toContain('--url must be an https URL')
  })

  test('names a local installation too', async () => {
    const args = ['issuer', 'list', '--state', 'a', '--url', 'https://a.example']
    const listed = await signetHere(args)
    expect(listed.code).toBe(2)
    expect(listed.stderr).toContain('--state names a local installation')
  })

  test('has a sign-in that is over', async () => {
    const settings = [
      '[profile marked-profile]',
      'sso_session = marked-session',
      'sso_account_id = 123456789012',
      'sso_role_name = marked-role',
      '[sso-session marked-session]',
      'sso_region = eu-central-1',
      'sso_start_url = https://marked.invalid/start',
    ]
    const config = join(directory.path, 'sso-config')
    await writeFile(config, settings.join('\n'))
    stub({ ...noKeys, AWS_CONFIG_FILE: config, AWS_PROFILE: 'marked-profile' })
    const listed = await signetHere(['issuer', 'list', '--url', 'https://a.example'])
    expect(listed.code).toBe(2)
    expect(listed.stderr).toContain('the AWS sign-in has expired, or there was none: sign in')
    expectDiscreet(listed.stderr)
  })
})

/** What the answers below say of accounts, and what nobody is shown of credentials. */
function expectDiscreet(text: string): void {
  for (const part of [...Object.values(CREDENTIALS), 'arn:', '123456789012', 'marked']) {
    expect(text).not.toContain(part)
  }
}

const ARN = 'arn:aws:sts::123456789012:assumed-role/marked-role/marked-name'

describe('AWS', () => {
  test.each([
    [
      'does not allow the call',
      { message: `User: ${ARN} is not authorized to perform: execute-api:Invoke on resource: x` },
      'does not allow these AWS credentials to call it: grant them execute-api:Invoke',
    ],
    [
      'forbids it by a policy',
      { Message: `User: ${ARN} is denied with an explicit deny` },
      'does not allow these AWS credentials to call it: grant them execute-api:Invoke',
    ],
    [
      'says Forbidden and no more, as an HTTP API',
      { message: 'Forbidden' },
      'does not let these AWS credentials in: grant them execute-api:Invoke, and check that they have not expired and that the region is eu-central-1',
    ],
    [
      'says Forbidden and no more, as a Function URL',
      { Message: 'Forbidden' },
      'does not let these AWS credentials in',
    ],
    [
      'says what nobody foresaw',
      { Message: `marked ${ARN}` },
      'does not let these AWS credentials in',
    ],
    [
      'does not know the key',
      { message: 'The security token included in the request is invalid.' },
      'does not know the AWS credentials: check AWS_PROFILE',
    ],
    [
      'finds the session over',
      { message: 'The security token included in the request is expired' },
      'says that the AWS credentials have expired: sign in again',
    ],
    [
      'finds the signature too old',
      { message: 'Signature expired: 20261122T000000Z is now earlier than 20261122T010000Z' },
      'finds the time of the signature wrong: set the clock of this machine',
    ],
    [
      'finds the signature too young',
      { message: 'Signature not yet current: 20261122T000000Z is still later than x' },
      'finds the time of the signature wrong: set the clock of this machine',
    ],
    [
      'is elsewhere',
      { message: "Credential should be scoped to a valid region, not 'eu-central-1'. " },
      'was signed for as execute-api in eu-central-1, which it is not: set AWS_REGION',
    ],
    [
      'finds another signature',
      { message: 'The request signature we calculated does not match the one you provided.' },
      'finds the signature wrong: check the secret access key',
    ],
    [
      'knows no such path',
      { message: 'Missing Authentication Token' },
      'has no control API at this path: check --url, with its stage if it has one',
    ],
  ])('that %s is said to', async (_title, answer, sentence) => {
    await using host = await answeringHost(403, JSON.stringify(answer))
    const listed = await signetHere(['issuer', 'list', '--url', host.url])
    expect(listed).toMatchObject({ code: 1, stdout: '' })
    expect(listed.stderr).toContain(`signet: ${host.url} ${sentence}`)
    expect(listed.stderr.trimEnd()).not.toContain('\n')
    expectDiscreet(listed.stderr)
  })

  test.each([
    ['throttles', 429, 'Too Many Requests', 'is asked too often: try again in a minute'],
    [
      'has no answer of the function',
      503,
      'Service Unavailable',
      'failed or took too long (status 503), and the change may have been made: see its log',
    ],
    [
      'wants another credential',
      401,
      'Unauthorized',
      'takes no AWS signature: give --secret-file if it takes a control secret',
    ],
    [
      'has no such route',
      404,
      'Not Found',
      "does not answer as Signet's control API (status 404): check --url, with its stage if it has one",
    ],
  ])('that %s is said to, of a change', async (_title, status, message, sentence) => {
    await using host = await answeringHost(status, JSON.stringify({ message }))
    const created = await signetHere(['issuer', 'create', 'prod', '--url', host.url])
    expect(created).toMatchObject({ code: 1, stdout: '' })
    expect(created.stderr).toContain(sentence)
  })

  test('that fails a question leaves no change in doubt', async () => {
    await using host = await answeringHost(500, '{"message":"Internal Server Error"}')
    const { stderr } = await signetHere(['issuer', 'list', '--url', host.url])
    expect(stderr).toContain('failed or took too long (status 500): see its log')
  })
})

test.each([
  [403, 'access_denied', 'this caller may not do that'],
  [503, 'temporarily_unavailable', 'the storage does not answer'],
])("Signet's own refusal of status %i is shown as it is", async (status, error, description) => {
  const answer = { error, error_description: description, message: 'Forbidden' }
  await using host = await answeringHost(status, JSON.stringify(answer))
  const listed = await signetHere(['issuer', 'list', '--url', host.url])
  expect(listed).toEqual({ code: 1, stdout: '', stderr: `signet: ${description}\n` })
})

test('a Signet that takes a control secret says which option is missing', async () => {
  const answer = { error: 'unauthorized', error_description: 'a bearer token is needed' }
  await using host = await answeringHost(401, JSON.stringify(answer))
  const { stderr } = await signetHere(['issuer', 'list', '--url', host.url])
  expect(stderr).toContain('takes no AWS signature: give --secret-file')
})

test('a refusal by IAM is nothing that a host with a control secret knows', async () => {
  const secretFile = join(directory.path, 'secret')
  await writeFile(secretFile, 'a'.repeat(32), { mode: 0o600 })
  await using host = await answeringHost(403, '{"message":"Forbidden"}')
  const args = ['issuer', 'list', '--url', host.url, '--secret-file', secretFile]
  const { stderr } = await signetHere(args)
  expect(stderr).toContain("does not answer as Signet's control API (status 403): check --url, and")
  expect(host.seen).toEqual([`/control/issuers Bearer ${'a'.repeat(32)}`])
})

test('a command that failed ends, whatever it left running', async () => {
  const env = { NODE_OPTIONS: '--import=data:text/javascript,setInterval(()=>{},1000)' }
  const { code, stderr } = await signet(['issuer', 'list', '--url', 'nowhere'], { env })
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--url must') })
})

test('--help says what --url alone means', async () => {
  const { stdout } = await signet(['issuer', 'list', '--help'])
  const words = stdout.replaceAll(/\s+/g, ' ')
  expect(words).toContain(
    'with --secret-file by its control secret, with --token-file by a token, without by AWS IAM (SigV4, default credential chain;',
  )
})
