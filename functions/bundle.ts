/**
 * How an entry point becomes the one file that is deployed and that `npm start` runs.
 */

import { build, stop } from 'esbuild'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')

export const WORKER_BUNDLE = join(ROOT, 'dist/worker/index.js')

/** The Worker as one module. Rejects, with what is wrong in its message, when the source does not build. */
export async function bundleWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'functions/worker/index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:workers'],
    minify: true,
    keepNames: true,
    logLevel: 'silent',
  })
  // Its helper process would otherwise live as long as ours.
  await stop()
  return outputFiles.map(({ text }) => text).join('')
}

export async function writeWorkerBundle(): Promise<void> {
  await mkdir(dirname(WORKER_BUNDLE), { recursive: true })
  await writeFile(WORKER_BUNDLE, await bundleWorker())
}

if (import.meta.main) await writeWorkerBundle()
