/**
 * The section of sizes: what is deployed, in bytes.
 */

import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { data, table } from '../src/cli/output.ts'
import { bundleWorker } from '../functions/bundle.ts'
import { bundleInto, SIGNET_ENTRIES } from './lambda/bundles.ts'
import type { Place } from './place.ts'
import type { Aim } from './report.ts'

interface Size {
  readonly name: string
  readonly raw: number
  readonly gzip: number
}

const KIB = 1024
const WORKER_GZIP_KIB_MAX = 80

export async function measureSizes({ directory }: Place): Promise<Aim[]> {
  const worker = sizeOf('Worker', await bundleWorker())
  const sizes = [worker]
  for (const [name, entry] of Object.entries(SIGNET_ENTRIES)) {
    const file = await bundleInto(directory, name, entry)
    sizes.push(sizeOf(`Lambda ${name}`, await readFile(file, 'utf8')))
  }
  data('\nSizes of the bundles\n')
  data(
    table(
      ['bundle', 'KiB', 'KiB gzip'],
      sizes.map(({ name, raw, gzip }) => [name, raw.toFixed(1), gzip.toFixed(1)]),
    ),
  )
  return [
    {
      what: 'Size of the Worker',
      measured: `${worker.gzip.toFixed(1)} KiB gzip`,
      aim: `at most ${WORKER_GZIP_KIB_MAX} KiB`,
      isMet: worker.gzip <= WORKER_GZIP_KIB_MAX,
    },
  ]
}

function sizeOf(name: string, text: string): Size {
  return { name, raw: Buffer.byteLength(text) / KIB, gzip: gzipSync(text).byteLength / KIB }
}
