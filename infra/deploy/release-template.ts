/**
 * The released template as the text of a file: the same archives give the same bytes.
 */

import { App } from 'aws-cdk-lib'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OfEachFunction } from '../issuer-host/each-function.ts'
import { ReleaseStack } from './release-stack.ts'

/** Of the construct alone: who deploys the template names the stack. */
const STACK = 'signet-aws'

export function releaseTemplate(archives: OfEachFunction<string>): string {
  const outdir = mkdtempSync(join(tmpdir(), 'signet-release-'))
  try {
    const app = new App({
      outdir,
      analyticsReporting: false,
      // Paths of constructs mean nothing to whoever has no constructs.
      context: { 'aws:cdk:disable-path-metadata': true, 'aws:cdk:enable-path-metadata': false },
    })
    const stack = new ReleaseStack(app, STACK, archives)
    const { template } = app.synth().getStackByName(stack.stackName)
    return `${JSON.stringify(template, undefined, 1)}\n`
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
