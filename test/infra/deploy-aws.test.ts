import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { awsPlan } from '../../infra/deploy/aws-plan.ts'

const SETTINGS = {
  domainNames: ['mine.signet.internal'],
  certificateArn:
    'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
}

async function settingsFile(settings: unknown = SETTINGS): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'signet-deploy-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'deployment.json')
  await writeFile(path, JSON.stringify(settings))
  return path
}

const NO_FILE = '/nowhere/deployment.json'

test('what was synthesized is deployed, and what is for cdk goes to cdk', async () => {
  const plan = awsPlan(['--', '--profile', 'p'], {}, await settingsFile())
  expect(plan).toMatchObject({ settings: SETTINGS, isDryRun: false, remarks: [] })
  expect(plan.command('dist/cdk.out')).toEqual([
    'deploy',
    '--app',
    'dist/cdk.out',
    '--no-notices',
    '--profile',
    'p',
  ])
})

test('a file that is named takes the place of the usual one', async () => {
  const named = await settingsFile({ ...SETTINGS, stackName: 'named' })
  const usual = await settingsFile()
  expect(awsPlan(['--settings', named], {}, usual).settings.stackName).toBe('named')
  expect(awsPlan(['--settings', named, '--dry-run'], {}, NO_FILE).settings.stackName).toBe('named')
})

test('a dry run is of the settings that are there', async () => {
  const plan = awsPlan(['--dry-run'], {}, await settingsFile())
  expect(plan).toMatchObject({ settings: SETTINGS, isDryRun: true })
  expect(plan.remarks).toEqual(['Nothing was deployed: this was a dry run.'])
})

test('a dry run without settings has stand-ins and says so', () => {
  const plan = awsPlan(['--dry-run'], {}, NO_FILE)
  expect(plan).toMatchObject({
    settings: { domainNames: ['oidc.signet.internal'] },
    isDryRun: true,
  })
  expect(plan.remarks).toHaveLength(2)
  expect(plan.remarks[1]).toMatch(/names in this report are stand-ins/)
})

test.each([
  ['a deployment', [], 'copy infra/deployment.example.json'],
  ['a dry run of a file that is named', ['--dry-run', '--settings', NO_FILE], 'give the path'],
  ['a deployment of a file that is named', ['--settings', NO_FILE], 'give the path'],
])('%s needs the settings', (_what, args, advice) => {
  expect(() => awsPlan(args, {}, NO_FILE)).toThrow(`${NO_FILE} cannot be read: ${advice}`)
})

test('a dry run of wrong settings says what is wrong', async () => {
  const usual = await settingsFile({ ...SETTINGS, certificateArn: 'arn:aws:acm:eu-central-1' })
  expect(() => awsPlan(['--dry-run'], {}, usual)).toThrow('certificateArn must be the ARN')
})
