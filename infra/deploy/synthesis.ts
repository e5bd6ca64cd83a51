/**
 * A stack's template as it will be deployed, and how large it is.
 */

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { signetApp } from '../signet-app.ts'
import type { Settings } from '../settings.ts'
import { ROOT } from './root.ts'

/** Where the CDK's command line finds what was synthesized here. */
export const CDK_OUT = join(ROOT, 'dist/cdk.out')

/** CloudFormation takes no larger one: 1 MB from S3, which is how the CDK hands it over. */
export const TEMPLATE_BYTES_MAX = 1_000_000

export interface Synthesis {
  /** Parsed JSON. */
  readonly template: unknown
  /** As the file has it that is uploaded. */
  readonly bytes: number
}

/** Writes the app of these settings into a directory. The bundles of the functions must be there. */
export function synthesize(settings: Settings, outdir: string = CDK_OUT): Synthesis {
  const { app, stack } = signetApp(settings, { outdir, analyticsReporting: false })
  const { template, templateFullPath } = app.synth().getStackByName(stack.stackName)
  return { template, bytes: statSync(templateFullPath).size }
}
