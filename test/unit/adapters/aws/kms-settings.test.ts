import { describe, expect, test } from 'vitest'
import {
  type KmsAccessSettings,
  parseKmsAccess,
  parseKmsCustodies,
} from '../../../../src/adapters/aws/kms-settings.ts'

const ROLE = 'arn:aws:iam::999988887777:role/marked'
const KEY_ID = '0f0f0f0f-1111-4222-8333-444444444444'
const KEY = `arn:aws:kms:eu-central-1:999988887777:key/${KEY_ID}`

function custodiesOf(settings: Parameters<typeof parseKmsCustodies>[0]) {
  const problems: string[] = []
  return { custodies: parseKmsCustodies(settings, problems), problems }
}

describe('KMS_SIGNERS', () => {
  test.each<[string, unknown, readonly string[] | undefined]>([
    ['unset', undefined, undefined],
    ['empty', '', undefined],
    ['one role', ROLE, [ROLE]],
    ['a role with a path', `${ROLE}/a/b-c_d+e=f,g`.replace(',g', ''), [`${ROLE}/a/b-c_d+e=f`]],
    ['a user', 'arn:aws:iam::999988887777:user/ci', ['arn:aws:iam::999988887777:user/ci']],
    ['two, with spaces between them', ` ${ROLE} , ${ROLE}2 `, [ROLE, `${ROLE}2`]],
    [
      'of another partition',
      ROLE.replace('aws', 'aws-us-gov'),
      [ROLE.replace('aws', 'aws-us-gov')],
    ],
    ['of China', ROLE.replace('aws', 'aws-cn'), [ROLE.replace('aws', 'aws-cn')]],
  ])('%s is taken', (_, value, signers) => {
    expect(custodiesOf({ KMS_SIGNERS: value })).toEqual({
      custodies: { signers, wrappingKey: undefined },
      problems: [],
    })
  })

  test.each<[string, unknown]>([
    ['no text', [ROLE]],
    ['a name', 'marked'],
    ['an account', '999988887777'],
    ['everybody', '*'],
    ['everybody of an account by a wildcard', 'arn:aws:iam::999988887777:role/*'],
    ['a session', 'arn:aws:sts::999988887777:assumed-role/marked/host'],
    ['a service', 'lambda.amazonaws.com'],
    ['a key', KEY],
    ['an account as a principal', 'arn:aws:iam::999988887777:root'],
    ['a group', 'arn:aws:iam::999988887777:group/marked'],
    ['eleven digits', 'arn:aws:iam::99998888777:role/marked'],
    ['a role without a name', 'arn:aws:iam::999988887777:role/'],
    ['nothing behind a comma', `${ROLE},`],
    ['nothing but a comma', ','],
    ['a space', ' '],
    ['one that is none among others', `${ROLE},marked`],
    ['two accounts', `${ROLE},arn:aws:iam::111122223333:role/marked`],
    ['two partitions', `${ROLE},${ROLE.replace('aws', 'aws-cn')}`],
    ['lines instead of commas', `${ROLE}\n${ROLE}`],
    ['a quote', `${ROLE}"`],
  ])('%s is refused, and not repeated', (_, value) => {
    const { custodies, problems } = custodiesOf({ KMS_SIGNERS: value })
    expect(custodies.signers).toBeUndefined()
    expect(problems).toEqual([
      'KMS_SIGNERS must be ARNs of IAM roles or users of one account with commas between them, got something else: give those that sign, such as the roles of the functions',
    ])
  })
})

describe('KMS_WRAPPING_KEY', () => {
  test.each([
    KEY,
    KEY.replace('aws', 'aws-cn'),
    `arn:aws:kms:eu-central-1:999988887777:key/mrk-${'0'.repeat(32)}`,
    'arn:aws:kms:eu-central-1:999988887777:alias/signet/wrap',
    'alias/signet-wrap_1',
    KEY_ID,
    `mrk-${'0f'.repeat(16)}`,
  ])('%s is taken', (value) => {
    expect(custodiesOf({ KMS_WRAPPING_KEY: value })).toEqual({
      custodies: { signers: undefined, wrappingKey: value },
      problems: [],
    })
  })

  test.each([undefined, ''])('%j is none', (value) => {
    expect(custodiesOf({ KMS_WRAPPING_KEY: value })).toEqual({
      custodies: { signers: undefined, wrappingKey: undefined },
      problems: [],
    })
  })

  test.each<[string, unknown]>([
    ['no text', { key: KEY }],
    ['a name', 'marked'],
    ['an alias without its name', 'alias/'],
    ['an ARN of a role', ROLE],
    ['an ARN of a bucket', 'arn:aws:s3:::marked'],
    ['an id that is cut short', KEY_ID.slice(0, 20)],
    ['an ARN that goes on', `${KEY} marked`],
    ['a line end behind it', `${KEY}\n`],
  ])('%s is refused, and not repeated', (_, value) => {
    const { custodies, problems } = custodiesOf({ KMS_WRAPPING_KEY: value })
    expect(custodies.wrappingKey).toBeUndefined()
    expect(problems).toEqual([
      'KMS_WRAPPING_KEY must be the ARN, the id or the alias of a symmetric KMS key, got something else: copy it from KMS',
    ])
  })
})

function accessOf(settings: KmsAccessSettings) {
  const problems: string[] = ['one before']
  const access = parseKmsAccess(settings, problems)
  return { access, problems: problems.slice(1) }
}

describe('access', () => {
  const GOOD = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDMARKED',
    AWS_SECRET_ACCESS_KEY: 'marked-secret',
  } satisfies KmsAccessSettings
  const credentials = { accessKeyId: 'AKIDMARKED', secretAccessKey: 'marked-secret' }

  test.each<[string, KmsAccessSettings, object]>([
    ['what is needed', {}, {}],
    ['line ends of the commands that set it', { AWS_SECRET_ACCESS_KEY: 'marked-secret\n' }, {}],
    [
      'a session',
      { AWS_SESSION_TOKEN: 's' },
      { credentials: { ...credentials, sessionToken: 's' } },
    ],
    ['no session', { AWS_SESSION_TOKEN: '' }, {}],
    ['another region', { AWS_REGION: 'us-gov-west-1' }, { region: 'us-gov-west-1' }],
    ['no endpoint', { KMS_ENDPOINT: '' }, {}],
    ['an endpoint', { KMS_ENDPOINT: 'https://kms.acme.dev' }, { endpoint: 'https://kms.acme.dev' }],
    [
      'an endpoint with a port and a slash',
      { KMS_ENDPOINT: 'https://kms.acme.dev:8443/' },
      { endpoint: 'https://kms.acme.dev:8443/' },
    ],
    [
      'an endpoint of this machine',
      { KMS_ENDPOINT: 'http://127.0.0.1:4599' },
      { endpoint: 'http://127.0.0.1:4599' },
    ],
  ])('%s is taken', (_, settings, expected) => {
    expect(accessOf({ ...GOOD, ...settings })).toEqual({
      access: { region: 'eu-central-1', credentials, ...expected },
      problems: [],
    })
  })

  const REGION = /^AWS_REGION must be an AWS region such as "eu-central-1"/
  const CREDENTIALS = /^AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must both be set/
  const ENDPOINT = /^KMS_ENDPOINT must be an https URL/

  test.each<[string, KmsAccessSettings, RegExp]>([
    ['no region', { AWS_REGION: undefined }, REGION],
    ['a region that is none', { AWS_REGION: 'marked' }, REGION],
    ['a region that would be another host', { AWS_REGION: 'eu-west-1.marked.example/' }, REGION],
    ['a region that is no text', { AWS_REGION: 7 }, REGION],
    ['no id of a key', { AWS_ACCESS_KEY_ID: '' }, CREDENTIALS],
    ['no secret', { AWS_SECRET_ACCESS_KEY: undefined }, CREDENTIALS],
    ['a secret of spaces', { AWS_SECRET_ACCESS_KEY: '  ' }, CREDENTIALS],
    ['a secret that is no text', { AWS_SECRET_ACCESS_KEY: ['marked'] }, CREDENTIALS],
    ['an endpoint over http', { KMS_ENDPOINT: 'http://kms.marked.dev' }, ENDPOINT],
    ['an endpoint that is no URL', { KMS_ENDPOINT: 'marked' }, ENDPOINT],
    ['an endpoint with a path', { KMS_ENDPOINT: 'https://kms.acme.dev/marked' }, ENDPOINT],
    ['an endpoint with a query', { KMS_ENDPOINT: 'https://kms.acme.dev?marked' }, ENDPOINT],
    ['an endpoint with a password', { KMS_ENDPOINT: 'https://u:marked@kms.acme.dev' }, ENDPOINT],
    ['an endpoint of another scheme', { KMS_ENDPOINT: 'ftp://127.0.0.1' }, ENDPOINT],
  ])('%s is refused, and nothing repeated', (_, settings, sentence) => {
    const { access, problems } = accessOf({ ...GOOD, ...settings })
    expect(access).toBeUndefined()
    expect(problems).toEqual([expect.stringMatching(sentence)])
    expect(problems.join('\n')).not.toMatch(/marked/i)
  })

  test('everything that is wrong is said at once', () => {
    const { access, problems } = accessOf({ KMS_ENDPOINT: 'marked' })
    expect(access).toBeUndefined()
    expect(problems).toEqual(
      [REGION, CREDENTIALS, ENDPOINT].map((s) => expect.stringMatching(s) as string),
    )
  })
})
