/**
 * `signet keys`: what is in a key ring, how it rotates, and a cluster's keys for it.
 */

import { Command } from 'commander'
import { adoptCommand } from './keys-adopt.ts'
import { confirmCommand } from './keys-confirm.ts'
import { listCommand } from './keys-list.ts'
import { rotateCommand } from './keys-rotate.ts'
import { simulateCommand } from './keys-simulate.ts'
import { sweepCommand } from './keys-sweep.ts'

const EXAMPLES = `
Examples:
  npx signet keys rotate --dry-run          what is due in every ring, as a plan
  npx signet keys list prod                 the ring now, and when each key signs
  npx signet keys simulate prod --for 1y    the ring's year under its policy

A host rotates by itself. For a job of your own (crontab, Kubernetes CronJob) see "signet keys rotate --help".`

export function keysCommand(): Command {
  return new Command('keys')
    .description('the key ring of an issuer')
    .addCommand(listCommand())
    .addCommand(rotateCommand())
    .addCommand(confirmCommand())
    .addCommand(simulateCommand())
    .addCommand(sweepCommand())
    .addCommand(adoptCommand())
    .addHelpText('after', EXAMPLES)
}
