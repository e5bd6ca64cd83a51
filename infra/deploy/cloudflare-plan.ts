/**
 * What a deployment to Cloudflare will do: what it says, what wrangler is called with, what remains to be said after it.
 */

import { fields } from '../../src/cli/output.ts'
import {
  type DeployCommand,
  deployCommand,
  type DeployScript,
  type Environment,
} from './command-line.ts'
import { type ProductionWorker, productionWorker } from './production-worker.ts'
import { workerSecrets } from './worker-secrets.ts'

export const CLOUDFLARE_SCRIPT: DeployScript = {
  name: 'deploy:cloudflare',
  tool: 'wrangler',
  takesSettings: false,
  usage: `npm run deploy:cloudflare -- [--dry-run] [-- ARGUMENTS OF WRANGLER]

Checks what wrangler.toml says of production, names the secrets, and has wrangler build and deploy the Worker.

  --dry-run   deploy nothing: build the Worker and print what it is bound to, without network and account`,
}

export interface CloudflarePlan {
  readonly announcement: string
  /** Arguments of wrangler. */
  readonly command: readonly string[]
  /** A sentence each, for when wrangler has succeeded. */
  readonly remarks: readonly string[]
}

/** Texts of the files of these names. */
export interface CloudflareFiles {
  readonly wranglerToml: string
  readonly devVarsExample: string
}

const PLACEHOLDER =
  'PUBLIC_URL of env.production in wrangler.toml is still the placeholder: set it, and the route beside it, to a host of yours before a deployment'
const DRY_RUN = ['--dry-run', '--outdir', 'dist/dry-run']

/** Throws an error with a line for each problem. */
export function cloudflarePlan(
  args: readonly string[],
  environment: Environment,
  files: CloudflareFiles,
): CloudflarePlan {
  const command = deployCommand(args, environment, CLOUDFLARE_SCRIPT)
  const checked = productionWorker(files.wranglerToml)
  if (!checked.ok) throw new Error(checked.problems.join('\n'))
  const { worker } = checked
  if (worker.isPlaceholder && !command.isDryRun) throw new Error(PLACEHOLDER)
  return {
    announcement: announcement(worker, files.devVarsExample),
    command: wranglerArguments(command),
    remarks: command.isDryRun
      ? [
          'Nothing was deployed: this was a dry run.',
          ...(worker.isPlaceholder ? [PLACEHOLDER] : []),
        ]
      : [],
  }
}

function wranglerArguments({ isDryRun, passedOn }: DeployCommand): string[] {
  return ['deploy', '--env', 'production', ...(isDryRun ? DRY_RUN : []), ...passedOn]
}

function announcement({ name, publicUrl, settings }: ProductionWorker, example: string): string {
  const secrets = workerSecrets(example).filter((secret) => !settings.includes(secret.name))
  return [
    fields([
      ['Worker', name],
      ['PUBLIC_URL', publicUrl],
    ]),
    '',
    'Secrets, each set with: npx wrangler secret put NAME --env production',
    fields(secrets.map((secret) => [`  ${secret.name}`, secret.meaning])),
    '',
  ].join('\n')
}
