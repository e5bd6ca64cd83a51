/**
 * `signet policy`: who may exchange which tokens for tokens of an issuer.
 */

import { Command } from 'commander'
import { checkCommand } from './policy-check.ts'

export function policyCommand(): Command {
  return new Command('policy')
    .description('exchange policies: check them')
    .addCommand(checkCommand())
}
