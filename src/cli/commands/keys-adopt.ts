/**
 * `signet keys adopt`: a cluster's own public keys, for its issuer.
 */

import { Command } from 'commander'
import { type AdoptableKey, readAdoptableKeys } from '../../adoption/adoptable-key.ts'
import { systemClock } from '../../clock.ts'
import {
  CONTROL_BODY_BYTES_MAX,
  WITHDRAWN_RETENTION_DEFAULT_SECONDS,
  WITHDRAWN_RETENTION_MAX_SECONDS,
} from '../../limits.ts'
import { usageError } from '../exit.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { readInput } from '../input-text.ts'
import { formatDuration, parseDuration } from '../moments.ts'
import { anyText, once } from '../options.ts'
import { json, note } from '../output.ts'
import { adoptionReport } from './adoption-report.ts'
import { printKeys } from './key-report.ts'

const EXAMPLES = `
Examples:
  kubectl get --raw /openid/v1/jwks | npx signet keys adopt prod -
  npx signet keys adopt prod sa.pub --kid KID --retention 7d`

interface AdoptOptions extends TargetOptions {
  readonly kid?: string
  readonly retention?: number
  readonly now?: true
}

export function adoptCommand(): Command {
  const command = new Command('adopt')
    .summary("publish a cluster's own public keys")
    .description(
      "publish a cluster's own public keys, the whole set of them: a key that was adopted before and is not in the set any more is withdrawn, and dropped once the retention is over",
    )
    .argument('<issuer>', 'its id')
    .argument('[file]', 'a JWK Set, a JWK or PEM public keys; - or nothing for standard input')
    .option(
      '--kid <kid>',
      'that its tokens carry, for a file of one PEM key (default: as Kubernetes derives it)',
      once('--kid', anyText),
    )
    .option(
      '--retention <duration>',
      `how long a withdrawn key stays published (default: ${formatDuration(WITHDRAWN_RETENTION_DEFAULT_SECONDS)})`,
      once('--retention', parseRetention),
    )
    .option('--now', 'drop withdrawn keys at once, and with them the tokens that they signed')
    .action(async (id: string, file: string | undefined, options: AdoptOptions) => {
      const retentionSeconds = retentionOf(options)
      const keys = await readKeys(file, options.kid)
      const client = await openTarget(options)
      const before = await client.listKeys(id)
      const after = await client.adoptKeys(id, { keys, retentionSeconds }, before.revision)
      const now = systemClock.now()
      for (const sentence of adoptionReport(before, after, now)) note(sentence)
      if (options.json) return json(after)
      printKeys(after, options, now)
    })
  return addTargetOptions(command).addHelpText('after', EXAMPLES)
}

function parseRetention(text: string): number {
  const seconds = parseDuration(text)
  if (seconds <= WITHDRAWN_RETENTION_MAX_SECONDS) return seconds
  throw usageError(
    `--retention must be at most ${formatDuration(WITHDRAWN_RETENTION_MAX_SECONDS)}, got ${text}`,
  )
}

/** `undefined` where nothing is said: a job that runs often must not shorten what somebody decided. */
function retentionOf({ retention, now }: AdoptOptions): number | undefined {
  if (retention !== undefined && now) {
    throw usageError('--now is a retention of nothing: give either it or --retention')
  }
  return now ? 0 : retention
}

/** Looked through before anything is sent: a private key that was given by mistake stays here. */
async function readKeys(
  file: string | undefined,
  kid: string | undefined,
): Promise<readonly AdoptableKey[]> {
  const text = await readInput({
    file,
    what: "the cluster's keys",
    bytesMax: CONTROL_BODY_BYTES_MAX,
  })
  if (text === undefined) {
    throw usageError(
      `the keys must be text in UTF-8 of at most ${CONTROL_BODY_BYTES_MAX} bytes, got something else: export them anew`,
    )
  }
  const keys = await readAdoptableKeys(text, kid)
  if (!keys.ok) throw usageError(`${keys.refusal.message}; nothing was sent`)
  return keys.value
}
