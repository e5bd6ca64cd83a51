/**
 * The scripts as they are started, as far as they come without deploying anything.
 */

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

async function run(script: string, args: readonly string[]) {
  const environment = { PATH: process.env['PATH'] }
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, script), ...args],
    { env: environment },
  ).catch((error: { stdout: string; stderr: string }) => error)
  return { stdout, stderr }
}

test.each([
  ['infra/deploy/deploy-aws.ts', 'npm run deploy:aws --'],
  ['infra/deploy/deploy-cloudflare.ts', 'npm run deploy:cloudflare --'],
  ['infra/deploy/release-build.ts', 'npm run release:build'],
  ['infra/costs/main.ts', 'node infra/costs/main.ts'],
])('%s --help says how it is used and does nothing', async (script, usage) => {
  const { stdout, stderr } = await run(script, ['--help'])
  expect(stdout.split('\n')[0]).toContain(usage)
  expect(stderr).toBe('')
})

test.each([
  ['infra/deploy/deploy-aws.ts', '--dryrun', /^deploy:aws: a dry run is meant by --dry-run .*\n$/],
  ['infra/deploy/release-build.ts', 'x', /^release:build: takes no arguments, got "x".*\n$/],
  ['infra/costs/main.ts', '--wrong', /^infra\/costs\/main\.ts: takes --write .*got "--wrong"\n$/],
])('%s refuses %s in one sentence', async (script, arg, sentence) => {
  const { stdout, stderr } = await run(script, [arg])
  expect(stdout).toBe('')
  expect(stderr).toMatch(sentence)
})
