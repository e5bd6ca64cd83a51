/**
 * How an entry point becomes the one file that is deployed and that the tests run.
 *
 * As a script it writes all of them, or those that are named: `node functions/bundle.ts [worker|lambda]`.
 */

import { build, type BuildOptions, stop } from 'esbuild'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')

export const WORKER_BUNDLE = join(ROOT, 'dist/worker/index.js')

/** By the name of its entry point in `functions/lambda/`; each is a function, whose handler is `index.handler`. */
export const LAMBDA_BUNDLES = {
  http: join(ROOT, 'dist/lambda/http/index.mjs'),
  control: join(ROOT, 'dist/lambda/control/index.mjs'),
  rotate: join(ROOT, 'dist/lambda/rotate/index.mjs'),
} as const

export type LambdaName = keyof typeof LAMBDA_BUNDLES

const COMMON = {
  bundle: true,
  format: 'esm',
  target: 'es2024',
  // ES modules first: what is not used of them is left out.
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'silent',
} as const satisfies BuildOptions

/** The Worker as one module. Rejects, with what is wrong in its message, when the source does not build. */
export async function bundleWorker(): Promise<string> {
  const { outputFiles } = await stopping(
    build({
      ...COMMON,
      entryPoints: [join(ROOT, 'functions/worker/index.ts')],
      write: false,
      platform: 'neutral',
      conditions: ['workerd', 'worker', 'browser'],
      external: ['cloudflare:workers'],
    }),
  )
  return outputFiles.map(({ text }) => text).join('')
}

export async function writeWorkerBundle(): Promise<void> {
  await mkdir(dirname(WORKER_BUNDLE), { recursive: true })
  await writeFile(WORKER_BUNDLE, await bundleWorker())
}

/**
 * Writes a Node module with everything in it, the AWS SDK too: the runtime's own is another version each month. Beside it
 * its source map, which Node reads with `--enable-source-maps`. Rejects as `bundleWorker` does.
 */
export async function bundleForNode(entry: string, outfile: string): Promise<void> {
  await stopping(
    build({
      ...COMMON,
      entryPoints: [entry],
      outfile,
      platform: 'node',
      sourcemap: 'linked',
      // A stack needs places, not the sources: they are most of the map.
      sourcesContent: false,
    }),
  )
}

export function bundleLambda(name: LambdaName): Promise<void> {
  return bundleForNode(join(ROOT, `functions/lambda/${name}.ts`), LAMBDA_BUNDLES[name])
}

export async function writeLambdaBundles(): Promise<void> {
  // One after the other, since `stop` would end the other's build.
  for (const name of Object.keys(LAMBDA_BUNDLES)) await bundleLambda(name as LambdaName)
}

export async function writeBundles(): Promise<void> {
  await writeWorkerBundle()
  await writeLambdaBundles()
}

/** esbuild's helper process would otherwise live as long as ours. */
async function stopping<T>(building: Promise<T>): Promise<T> {
  try {
    return await building
  } finally {
    await stop()
  }
}

async function main(what: string | undefined): Promise<void> {
  switch (what) {
    case undefined:
      return writeBundles()
    case 'worker':
      return writeWorkerBundle()
    case 'lambda':
      return writeLambdaBundles()
    default:
      throw new TypeError(`what to bundle must be worker, lambda or left out, got ${what}`)
  }
}

if (import.meta.main) await main(process.argv[2])
