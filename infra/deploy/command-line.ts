/**
 * The command line of a deployment: whether it is a dry run, and what is handed on to the tool that deploys.
 *
 * A deployment that was meant to be a dry run is the mistake to keep out: npm takes options for itself that stand before
 * a `--`, and runs the script without them; tools overlook options that they do not know, and deploy.
 */

import { shown } from '../../src/printable.ts'
import type { Script } from './script.ts'

export interface DeployCommand {
  readonly isDryRun: boolean
  /** `undefined` where the usual file is meant. */
  readonly settingsFile: string | undefined
  /** For the tool, as they are. */
  readonly passedOn: readonly string[]
}

export interface DeployScript extends Script {
  /** The tool that gets what stands behind a `--` of its own. */
  readonly tool: string
  readonly takesSettings: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

/** However it is spelled, and with whichever dash a text processor made of the hyphens. */
const MEANT_DRY_RUN = /^\p{Pd}{1,3}dry/iu
/** `--dry`, `--dryrun` and `--dry_run` come to npm's variables as different names. */
const DRY_RUN_OF_NPM = /^npm_config_dry/i
const SETTINGS_OF_NPM = /^npm_config_settings$/i

/** Throws an error with one sentence on what cannot be meant. `args`: without Node and the script. */
export function deployCommand(
  args: readonly string[],
  environment: Environment,
  script: DeployScript,
): DeployCommand {
  const end = args.indexOf('--')
  const own = end === -1 ? args : args.slice(0, end)
  const passedOn = end === -1 ? [] : args.slice(end + 1)
  refuseTakenByNpm(environment, script)
  refuseMisspeltDryRun([...own.filter((arg) => arg !== '--dry-run'), ...passedOn], script)
  return { ...ownOptions(own, script), passedOn }
}

function refuseTakenByNpm(environment: Environment, { name, takesSettings }: DeployScript): void {
  const given = Object.keys(environment).filter((key) => {
    const value = environment[key]
    return value !== undefined && value !== '' && value !== 'false'
  })
  const isDryRun = given.some((key) => DRY_RUN_OF_NPM.test(key))
  const isSettings = takesSettings && given.some((key) => SETTINGS_OF_NPM.test(key))
  if (!isDryRun && !isSettings) return
  const [taken, spelled] = isDryRun ? ['--dry-run', '--dry-run'] : ['--settings', '--settings FILE']
  throw new Error(
    `${taken} was given to npm, which keeps it for itself, and nothing was done: spell it npm run ${name} -- ${spelled}`,
  )
}

function refuseMisspeltDryRun(args: readonly string[], { name }: DeployScript): void {
  const meant = args.find((arg) => MEANT_DRY_RUN.test(arg))
  if (meant === undefined) return
  throw new Error(
    `a dry run is meant by --dry-run behind the first --, got ${shown(meant)}, and nothing was done: spell it npm run ${name} -- --dry-run`,
  )
}

function ownOptions(
  args: readonly string[],
  script: DeployScript,
): Pick<DeployCommand, 'isDryRun' | 'settingsFile'> {
  let isDryRun = false
  let settingsFile: string | undefined
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--dry-run') isDryRun = true
    else if (script.takesSettings && arg === '--settings') settingsFile = fileIn(rest.shift())
    else if (script.takesSettings && arg.startsWith('--settings=')) {
      settingsFile = fileIn(arg.slice('--settings='.length))
    } else throw new Error(strayArgument(arg, script))
  }
  return { isDryRun, settingsFile }
}

function fileIn(value: string | undefined): string {
  if (value !== undefined && value !== '' && !value.startsWith('-')) return value
  throw new Error(`--settings must be followed by the path of a file, got ${shown(value)}`)
}

function strayArgument(arg: string, { name, tool, takesSettings }: DeployScript): string {
  const known = ['--dry-run', ...(takesSettings ? ['--settings FILE'] : [])].join(' and ')
  const given = `got ${shown(arg)}`
  if (!arg.startsWith('-')) {
    return `npm run ${name} takes ${known}, ${given}: spell options npm run ${name} -- --dry-run`
  }
  return `npm run ${name} takes ${known}, ${given}: what is meant for ${tool} comes after a second --, as in npm run ${name} -- -- ${shown(arg).slice(1, -1)}`
}
