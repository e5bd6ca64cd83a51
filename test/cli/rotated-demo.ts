/**
 * A local installation whose first rotation, which begins with it, has come to the demo issuer: it has listed its issuers by
 * then, so it leaves alone those that a test makes.
 */

import { vi } from 'vitest'
import type { Finished } from '../support/signet.ts'

export async function demoIsRotated(run: (command: string) => Promise<Finished>): Promise<void> {
  await vi.waitFor(
    async () => {
      const { stdout } = await run('keys list demo')
      if (!stdout.includes('pending')) throw new Error('the demo issuer has no successor yet')
    },
    { timeout: 15_000 },
  )
}
