/**
 * `npm run release:build`: everything that is deployed as files in `dist/release/`, for those who do not use the CDK or this
 * repository.
 */

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { writeBundles } from '../../functions/bundle.ts'
import { data, fields } from '../../src/cli/output.ts'
import { releaseFiles } from './release-files.ts'
import { releaseSources } from './release-sources.ts'
import { ROOT } from './root.ts'
import { refuseArguments, runScript, type Script } from './script.ts'

const RELEASE = join(ROOT, 'dist/release')

const SCRIPT: Script = {
  name: 'release:build',
  usage: `npm run release:build

Writes to dist/release/ what is deployed, as files: functions, a CloudFormation template, the Worker, and how to deploy them.`,
}

const args = process.argv.slice(2)

async function releaseBuild(): Promise<number> {
  refuseArguments(args)
  await writeBundles()
  const files = releaseFiles(await releaseSources())
  await rm(RELEASE, { recursive: true, force: true })
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(RELEASE, path)), { recursive: true })
    await writeFile(join(RELEASE, path), bytes)
  }
  data(fields([...files].map(([path, { length }]) => [path, `${length} bytes`])))
  data(`\nWritten to ${relative(ROOT, RELEASE)}/`)
  return 0
}

await runScript(SCRIPT, args, releaseBuild)
