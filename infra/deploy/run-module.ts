/**
 * Runs a module in a Node of its own, in this terminal. Whoever ends this process ends it, too.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ROOT } from './root.ts'

/** Neither looks for newer versions of itself: the one that is pinned is the one that is meant. */
const QUIET = {
  CDK_DISABLE_VERSION_CHECK: '1',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  WRANGLER_HIDE_BANNER: 'true',
} as const

/** Resolves to its exit code; one that a signal ended has 1. */
export async function runModule(path: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [path, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...QUIET },
  })
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal)
  // A terminal's interrupt reaches both; whoever ends this process alone means the tool.
  process.on('SIGTERM', stop)
  try {
    const [code] = await once(child, 'close')
    return typeof code === 'number' ? code : 1
  } finally {
    process.off('SIGTERM', stop)
  }
}
