/**
 * `signet aws worker-policy`: the policy byte by byte, and what is refused.
 */

import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { signetHere } from './in-process.ts'

const ACCOUNT = '111122223333'
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`
const COMMAND = ['aws', 'worker-policy']
const REGION = ['--region', 'eu-central-1']
const PLACE = [...REGION, '--account', ACCOUNT]

test('the policy and what to do with it, for keys in KMS and wrapped ones', async () => {
  const answer = await signetHere([...COMMAND, ...PLACE, '--wrapping-key', KEY])
  expect(answer.code).toBe(0)
  await expect(answer.stdout).toMatchFileSnapshot('../golden/cli/aws-worker-policy.iam-policy')
  await expect(answer.stderr).toMatchFileSnapshot('../golden/cli/aws-worker-policy.txt')
})

test('without a wrapping key nothing is said of one, and the rest is the same', async () => {
  const wrapping = await policyOf(['--wrapping-key', KEY])
  const without = await policyOf([])
  const rest = wrapping.Statement.filter(({ Resource }) => !Resource.includes(KEY))
  expect(without.Statement).toEqual(rest)
  expect(wrapping.Statement).toHaveLength(rest.length + 2)
})

test('--deployment and --partition stand where the defaults do', async () => {
  const usual = await signetHere([...COMMAND, ...PLACE])
  const given = await signetHere([
    ...COMMAND,
    ...PLACE,
    '--deployment',
    'eu-1',
    '--partition',
    'aws-x',
  ])
  const expected = usual.stdout
    .replaceAll(':deployment": "signet"', ':deployment": "eu-1"')
    .replaceAll('arn:aws:', 'arn:aws-x:')
  expect(given.stdout).toBe(expected)
  expect(given.stdout).not.toBe(usual.stdout)
})

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['eu-central-1', 'aws'],
])('the partition of %s is %s', async (region, partition) => {
  const { stdout } = await signetHere([...COMMAND, '--region', region, '--account', ACCOUNT])
  expect(stdout).toContain(`"arn:${partition}:kms:${region}:${ACCOUNT}:key/*"`)
})

test('the longest policy fits a managed one, and the note says its length', async () => {
  const region = 'us-isob-northeast-1'
  const key = `arn:aws-iso-b:kms:${region}:${ACCOUNT}:key/${'1'.repeat(64)}`
  const place = ['--region', region, '--account', ACCOUNT, '--partition', 'aws-iso-b']
  const longest = ['--deployment', 'd'.repeat(32), '--wrapping-key', key]
  const { stdout, stderr } = await signetHere([...COMMAND, ...place, ...longest])
  const chars = JSON.stringify(JSON.parse(stdout)).length
  expect(chars).toBeLessThanOrEqual(6144)
  expect(stderr).toContain(`This policy has ${chars} characters as IAM counts them`)
})

test.each([
  ['a region', ['--region', 'Frankfurt', '--account', ACCOUNT], '--region must be an AWS region'],
  ['an account', [...REGION, '--account', '1111-2222-3333'], '--account must be the 12 digits'],
  ['a deployment', [...PLACE, '--deployment', 'My Signet'], '--deployment must be 1 to 32 lower'],
  ['no deployment', [...PLACE, '--deployment', ''], '--deployment must be 1 to 32 lower'],
  ['a partition', [...PLACE, '--partition', 'azure'], '--partition must be a partition of AWS'],
  ['a wrapping key', [...PLACE, '--wrapping-key', 'alias/wrap'], 'since IAM looks at no alias'],
  [
    'an alias as ARN',
    [...PLACE, '--wrapping-key', KEY.replace(/key\/.*/, 'alias/wrap')],
    'give that of the key itself',
  ],
  [
    'a key of another region',
    [...PLACE, '--wrapping-key', KEY.replace('eu-central-1', 'us-east-1')],
    'must be of the same partition, region and account',
  ],
  [
    'a key of another account',
    [...PLACE, '--wrapping-key', KEY.replace(ACCOUNT, '444455556666')],
    'must be of the same partition, region and account',
  ],
  [
    'a key of another partition',
    [...PLACE, '--wrapping-key', KEY.replace('arn:aws:', 'arn:aws-cn:')],
    'must be of the same partition, region and account',
  ],
  ['a region twice', [...PLACE, ...REGION], '--region must be given once, got it twice'],
])(
  'refuses %s that is wrong in one sentence without account or ARN',
  async (_title, args, words) => {
    const { code, stdout, stderr } = await signetHere([...COMMAND, ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^signet: .+\n$/)
    expect(stderr).toContain(words)
    expect(stderr).not.toMatch(/\d{12}|1111-2222|arn:/)
  },
)

test.each([
  ['a region', ['--account', ACCOUNT], '--region'],
  ['an account', REGION, '--account'],
])('refuses a command line without %s', async (_title, args, option) => {
  const refused = signetHere([...COMMAND, ...args])
  await expect(refused).rejects.toThrow(CommanderError)
  await expect(refused).rejects.toThrow(`required option '${option} <`)
})

interface Policy {
  readonly Statement: readonly { readonly Resource: readonly string[] }[]
}

async function policyOf(args: readonly string[]): Promise<Policy> {
  const { stdout } = await signetHere([...COMMAND, ...PLACE, ...args])
  return JSON.parse(stdout) as Policy
}
