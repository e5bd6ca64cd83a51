/**
 * What a deployment to AWS will do: with which settings, whether it is a dry run, and what the CDK's command line is told.
 */

import { existsSync } from 'node:fs'
import { readSettings, readUsualSettings, type Settings, SETTINGS_FILE } from '../settings.ts'
import { deployCommand, type DeployScript, type Environment } from './command-line.ts'
import { standInSettings } from './stand-in-settings.ts'

export const AWS_SCRIPT: DeployScript = {
  name: 'deploy:aws',
  tool: 'cdk',
  takesSettings: true,
  usage: `npm run deploy:aws -- [--dry-run] [--settings FILE] [-- ARGUMENTS OF CDK]

Bundles the functions, synthesizes the stack, and has the CDK deploy it.

  --dry-run         deploy nothing: print what would be made, without network and account
  --settings FILE   in place of infra/deployment.json`,
}

export interface AwsPlan {
  readonly settings: Settings
  readonly isDryRun: boolean
  /** A sentence each, about what a dry run is not. */
  readonly remarks: readonly string[]
  /** Arguments of cdk for an app that is in this directory. */
  readonly command: (directory: string) => readonly string[]
}

/**
 * Throws an error with a line for each problem. `usualFile`: the settings where the command line names none; a dry run does
 * without it.
 */
export function awsPlan(
  args: readonly string[],
  environment: Environment,
  usualFile: string = SETTINGS_FILE,
): AwsPlan {
  const { isDryRun, settingsFile, passedOn } = deployCommand(args, environment, AWS_SCRIPT)
  const isStandIn = isDryRun && settingsFile === undefined && !existsSync(usualFile)
  return {
    settings: isStandIn ? standInSettings() : settingsOf(settingsFile, usualFile),
    isDryRun,
    remarks: isDryRun ? dryRunRemarks(isStandIn) : [],
    command: (directory) => ['deploy', '--app', directory, '--no-notices', ...passedOn],
  }
}

function settingsOf(named: string | undefined, usualFile: string): Settings {
  return named === undefined ? readUsualSettings(usualFile) : readSettings(named)
}

function dryRunRemarks(isStandIn: boolean): string[] {
  return [
    'Nothing was deployed: this was a dry run.',
    ...(isStandIn
      ? [
          'There is no infra/deployment.json, so names in this report are stand-ins: copy infra/deployment.example.json to it and fill it in before a deployment.',
        ]
      : []),
  ]
}
