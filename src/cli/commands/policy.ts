/**
 * `signet policy`: who may exchange which tokens for tokens of an issuer.
 */

import { Command } from 'commander'
import { checkCommand } from './policy-check.ts'
import { setCommand } from './policy-set.ts'
import { showCommand } from './policy-show.ts'

export function policyCommand(): Command {
  return new Command('policy')
    .description('exchange policies: check, set and show them')
    .addCommand(checkCommand())
    .addCommand(setCommand())
    .addCommand(showCommand())
}
