/**
 * Every file of a release, made of the bundles and of what is in git: the same source gives the same bytes.
 */

import { type OfEachFunction, ofEachFunction } from '../issuer-host/each-function.ts'
import { releaseReadme } from './release-readme.ts'
import { releaseTemplate } from './release-template.ts'
import { releasedWranglerToml } from './release-worker.ts'
import { releaseZip, sha256 } from './release-zip.ts'

export interface ReleaseSources {
  readonly version: string
  /** Version of wrangler. */
  readonly wrangler: string
  /** Of each function, its module and the map of that, by name. */
  readonly functions: OfEachFunction<Readonly<Record<string, Uint8Array>>>
  readonly worker: Uint8Array
  readonly wranglerToml: string
  readonly devVarsExample: string
}

export const TEMPLATE_FILE = 'signet-aws.template.json'
export const SUMS_FILE = 'SHA256SUMS'

/** Enough that no two archives of one function have one name. */
const NAME_DIGITS = 16

/** By path in the release. */
export function releaseFiles(sources: ReleaseSources): ReadonlyMap<string, Uint8Array> {
  const archives = ofEachFunction((name) => {
    const bytes = releaseZip(sources.functions[name])
    return { name: `${name}-${sha256(bytes).slice(0, NAME_DIGITS)}.zip`, bytes }
  })
  const files = new Map<string, Uint8Array>([
    ['README.txt', bytesOf(releaseReadme(sources.version, sources.wrangler))],
    [TEMPLATE_FILE, bytesOf(releaseTemplate(ofEachFunction((name) => archives[name].name)))],
    ...Object.values(archives).map(({ name, bytes }) => [`functions/${name}`, bytes] as const),
    ['worker/index.js', sources.worker],
    ['worker/wrangler.toml', bytesOf(releasedWranglerToml(sources.wranglerToml))],
    ['worker/.dev.vars.example', bytesOf(sources.devVarsExample)],
  ])
  return files.set(SUMS_FILE, bytesOf(sums(files)))
}

/** As `sha256sum -c` reads it. */
function sums(files: ReadonlyMap<string, Uint8Array>): string {
  const lines = [...files].map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`)
  return lines.toSorted((one, other) => one.slice(64).localeCompare(other.slice(64), 'en')).join('')
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
