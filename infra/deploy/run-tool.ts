/**
 * Runs a tool that is installed beside this code, in this terminal: what it asks, its user answers.
 */

import { join } from 'node:path'
import { ROOT } from './root.ts'
import { runModule } from './run-module.ts'

const TOOLS = {
  cdk: 'node_modules/aws-cdk/bin/cdk',
  wrangler: 'node_modules/wrangler/bin/wrangler.js',
} as const

/** Resolves to its exit code; one that a signal ended has 1. */
export function runTool(tool: keyof typeof TOOLS, args: readonly string[]): Promise<number> {
  return runModule(join(ROOT, TOOLS[tool]), args)
}
