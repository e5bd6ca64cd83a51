/**
 * `signet keys confirm`: what the public documents show from here, as evidence for the host.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import { timerDeadline } from '../../deadline.ts'
import type { Observation } from '../../publication/observation.ts'
import { formOf } from '../../publication/observation-form.ts'
import { observePublication } from '../../publication/read-public-documents.ts'
import { CliError, EXIT } from '../exit.ts'
import type { KeysAnswer } from '../host/answers.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { json, note } from '../output.ts'
import { printRotation } from './keys-rotate.ts'

const NOTHING_SENT = 'nothing was sent'

export function confirmCommand(): Command {
  const command = new Command('confirm')
    .summary('tell the host what the public documents show from here')
    .description(
      'look at the public documents of an issuer from here, as a relying party does, and tell the host: for where it cannot look at them itself. A successor signs once it was seen twice, so run it as often as rotations',
    )
    .argument('<issuer>', 'its id')
    .action(async (id: string, options: TargetOptions) => {
      const client = await openTarget(options)
      const { issuer } = await client.readIssuer(id)
      const ring = await client.listKeys(id)
      const observed = await observePublication(issuer, {
        fetch,
        clock: systemClock,
        deadline: timerDeadline,
      })
      if (!observed.ok) throw unseen(observed.message)
      const { observation } = observed
      assertUseful(ring, observation, issuer)
      note(`The public documents of ${issuer} show ${shownText(observation)} from here.`)
      const report = await client.rotate(id, { observation: formOf(observation) })
      if (options.json) return json(report)
      printRotation(report)
    })
  return addTargetOptions(command)
}

function shownText({ ringVersion, keys }: Observation): string {
  return `revision ${ringVersion} with ${keys.length === 1 ? '1 key' : `${keys.length} keys`}`
}

/** What shows neither the key nor the policy that waits to be seen proves nothing. */
function assertUseful(
  { keys, settling }: KeysAnswer,
  { ringVersion, keys: shown }: Observation,
  issuer: string,
): void {
  const waiting = keys.filter(
    (key) => key.origin === 'own' && key.status === 'pending' && key.activatesAt === undefined,
  )
  const isSeen = waiting.some(({ kid }) => shown.some((key) => key.kid === kid))
  const isPolicyShown =
    settling !== undefined && settling.seenAt === undefined && ringVersion >= settling.revision
  const [successor] = waiting
  if (successor === undefined || isSeen || isPolicyShown) return
  throw unseen(
    `the public documents of ${issuer} are those of revision ${ringVersion} and do not show the successor ${successor.kid} from here: see that no cache on the way keeps them longer than their max-age, and try again later`,
  )
}

function unseen(message: string): CliError {
  return new CliError(EXIT.refused, `${message}; ${NOTHING_SENT}`)
}
