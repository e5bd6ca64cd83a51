/**
 * What a release is made of, from the repository and from the bundles that are written there.
 */

import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LAMBDA_BUNDLES, WORKER_BUNDLE } from '../../functions/bundle.ts'
import { isJsonObject, parseJson } from '../../src/json.ts'
import type { ReleaseSources } from './release-files.ts'
import { ROOT } from './root.ts'

export async function releaseSources(): Promise<ReleaseSources> {
  const [http, control, rotate] = await Promise.all([
    functionFiles(LAMBDA_BUNDLES.http),
    functionFiles(LAMBDA_BUNDLES.control),
    functionFiles(LAMBDA_BUNDLES.rotate),
  ])
  const { version, wrangler } = versionsIn(await ownText('package.json'))
  return {
    version,
    wrangler,
    functions: { http, control, rotate },
    worker: await readFile(WORKER_BUNDLE),
    wranglerToml: await ownText('wrangler.toml'),
    devVarsExample: await ownText('.dev.vars.example'),
  }
}

async function functionFiles(bundle: string): Promise<Record<string, Uint8Array>> {
  const files = [bundle, `${bundle}.map`]
  const contents = await Promise.all(
    files.map(async (file) => [basename(file), new Uint8Array(await readFile(file))] as const),
  )
  return Object.fromEntries(contents)
}

function ownText(name: string): Promise<string> {
  return readFile(join(ROOT, name), 'utf8')
}

function versionsIn(packageJson: string): Pick<ReleaseSources, 'version' | 'wrangler'> {
  const parsed = parseJson(packageJson)
  const { version, devDependencies } = isJsonObject(parsed) ? parsed : {}
  const wrangler = isJsonObject(devDependencies) ? devDependencies['wrangler'] : undefined
  if (typeof version !== 'string' || typeof wrangler !== 'string') {
    throw new TypeError('package.json has no version, of its own or of wrangler')
  }
  return { version, wrangler }
}
