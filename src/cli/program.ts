/**
 * The commands of `signet`, assembled.
 */

import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { awsCommand } from './commands/aws.ts'
import { devCommand } from './commands/dev.ts'
import { issuerCommand } from './commands/issuer.ts'
import { keysCommand } from './commands/keys.ts'
import { policyCommand } from './commands/policy.ts'
import { tokenCommand } from './commands/token.ts'
import { note } from './output.ts'

const EXIT_CODES = `
Exit codes:
  0   done
  1   the host refused, or a check failed
  2   the command line, a file or a setting is wrong; nothing was changed
  3   the host does not answer
  70  a mistake in Signet itself

Data goes to standard output, prose to standard error.`

/** Errors are thrown as `CommanderError` once commander has printed them. */
export function buildProgram(): Command {
  const program = new Command('signet')
    .description('OpenID Connect issuers without a server')
    .version(packageJson.version)
    .addHelpText('after', EXIT_CODES)
    .addCommand(devCommand())
    .addCommand(issuerCommand())
    .addCommand(keysCommand())
    .addCommand(policyCommand())
    .addCommand(tokenCommand())
    .addCommand(awsCommand())
  throwInsteadOfExit(program)
  return program
}

/** Commander's own sentences in our form, and no exit but the one in `main.ts`. */
function throwInsteadOfExit(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      outputError: (text) => {
        const [sentence = '', ...suggestions] = text
          .trim()
          .replace(/^error: /, '')
          .split('\n')
        const help = `see "${commandPath(command)} --help"`
        note(`signet: ${[sentence, ...suggestions].join(' ')}: ${help}`)
      },
    })
  for (const subcommand of command.commands) throwInsteadOfExit(subcommand)
}

function commandPath(command: Command): string {
  const parent = command.parent === null ? '' : `${commandPath(command.parent)} `
  return `${parent}${command.name()}`
}
