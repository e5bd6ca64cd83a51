import { expect, test } from 'vitest'
import { AWS_SCRIPT } from '../../infra/deploy/aws-plan.ts'
import { CLOUDFLARE_SCRIPT } from '../../infra/deploy/cloudflare-plan.ts'
import { deployCommand } from '../../infra/deploy/command-line.ts'

const AWS = AWS_SCRIPT
const CLOUDFLARE = CLOUDFLARE_SCRIPT

test.each([
  { args: [], isDryRun: false, settingsFile: undefined, passedOn: [] },
  { args: ['--dry-run'], isDryRun: true, settingsFile: undefined, passedOn: [] },
  { args: ['--settings', 'a.json'], isDryRun: false, settingsFile: 'a.json', passedOn: [] },
  {
    args: ['--settings', 'a.json', '--dry-run', '--', '--profile', 'p', '--', 'x'],
    isDryRun: true,
    settingsFile: 'a.json',
    passedOn: ['--profile', 'p', '--', 'x'],
  },
  { args: ['--settings=a=b.json'], isDryRun: false, settingsFile: 'a=b.json', passedOn: [] },
])('$args', ({ args, ...command }) => {
  expect(deployCommand(args, {}, AWS)).toEqual(command)
})

test.each([
  [AWS, ['dry-run'], 'spell options npm run deploy:aws -- --dry-run'],
  [AWS, ['--profile', 'p'], 'what is meant for cdk comes after a second --'],
  [AWS, ['--settings'], '--settings must be followed by the path of a file, got nothing'],
  [AWS, ['--settings='], '--settings must be followed by the path of a file, got ""'],
  [AWS, ['--settings', '--dry-run'], '--settings must be followed by the path of a file'],
  [CLOUDFLARE, ['--settings', 'a'], 'npm run deploy:cloudflare takes --dry-run, got "--settings"'],
])('$1 is refused with the right spelling', (options, args, problem) => {
  expect(() => deployCommand(args, {}, options)).toThrow(problem)
})

test.each([
  ['--dryrun'],
  ['--dryRun'],
  ['--dry_run'],
  ['--dry'],
  ['--dry-run=true'],
  ['-dry-run'],
  ['--DRY-RUN'],
  ['\u2014dry-run'],
  ['--', '--dry-run'],
  ['--dry-run', '--', '--dry-run'],
  ['--', '--profile', 'p', '--', '--dryrun'],
])('a dry run that is misspelt deploys nothing: %s %s', (...args) => {
  for (const options of [AWS, CLOUDFLARE]) {
    expect(() => deployCommand(args, {}, options)).toThrow(
      new RegExp(`nothing was done: spell it npm run ${options.name} -- --dry-run$`),
    )
  }
})

test.each([
  [AWS, { npm_config_dry_run: 'true' }, '--dry-run'],
  [CLOUDFLARE, { npm_config_dry_run: 'true' }, '--dry-run'],
  [AWS, { npm_config_dryrun: 'true' }, '--dry-run'],
  [AWS, { npm_config_dryRun: 'x' }, '--dry-run'],
  [AWS, { npm_config_settings: 'a.json' }, '--settings'],
])('what npm took for itself deploys nothing: %j', (options, environment, option) => {
  expect(() => deployCommand([], environment, options)).toThrow(
    `${option} was given to npm, which keeps it for itself, and nothing was done: spell it npm run ${options.name} -- ${option}`,
  )
})

test.each([{ npm_config_dry_run: '' }, { npm_config_dry_run: 'false' }])(
  '%j is npm without an option',
  (environment) => {
    expect(deployCommand([], environment, AWS).isDryRun).toBe(false)
  },
)
