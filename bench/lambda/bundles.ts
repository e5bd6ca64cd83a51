/**
 * The entry points of functions and of bare handlers, and how each is bundled: as those are that are deployed.
 */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleForNode, LAMBDA_BUNDLES } from '../../functions/bundle.ts'

/** By its name: the entry point of each function of Signet. */
export const SIGNET_ENTRIES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(LAMBDA_BUNDLES).map((name) => [
    name,
    fileURLToPath(new URL(`../../functions/lambda/${name}.ts`, import.meta.url)),
  ]),
)

export const BARE_ENTRIES = {
  documents: fileURLToPath(new URL('bare-documents.ts', import.meta.url)),
  token: fileURLToPath(new URL('bare-token.ts', import.meta.url)),
} as const

/** Resolves to the bundle's file, which has a directory of its own. */
export async function bundleInto(directory: string, name: string, entry: string): Promise<string> {
  const file = join(directory, name, 'index.mjs')
  await bundleForNode(entry, file)
  return file
}
