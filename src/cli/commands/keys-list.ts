/**
 * `signet keys list`: what is in a key ring.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import type { ControlClient } from '../host/control-client.ts'
import type { KeysAnswer } from '../host/answers.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { json } from '../output.ts'
import { printRing } from './key-report.ts'

export function listCommand(): Command {
  const command = new Command('list')
    .description('list the keys of an issuer with their states, their moments and a timeline')
    .argument('<issuer>', 'its id')
    .action(async (id: string, options: TargetOptions) => {
      const client = await openTarget(options)
      const ring = await client.listKeys(id)
      if (options.json) return json(ring)
      printRing(await withPolicy(ring, client), options, systemClock.now())
    })
  return addTargetOptions(command)
}

/** What a ring without keys lacks depends on its custody, which hosts that do not rotate say of the issuer alone. */
async function withPolicy(ring: KeysAnswer, client: ControlClient): Promise<KeysAnswer> {
  if (ring.keys.length > 0 || ring.policy !== undefined) return ring
  const { policy } = await client.readIssuer(ring.id)
  return { ...ring, policy }
}
