/**
 * `signet policy show`: the exchange policy that an issuer has, as YAML.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import type { ExchangePolicyAnswer } from '../host/answers.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { formatMoment } from '../moments.ts'
import { data, json, note } from '../output.ts'
import { policyYaml } from '../policy/policy-yaml.ts'

const DETAILS = `
It is the policy as the host keeps it: comments and anchors of the YAML that was set are not kept. Keep that file.`

export function showCommand(): Command {
  const command = new Command('show')
    .description('print the exchange policy of an issuer as YAML, which "policy set" takes')
    .argument('<issuer>', 'its id')
    .action(async (id: string, options: TargetOptions) => {
      const answer = await (await openTarget(options)).readPolicy(id)
      note(revisionSentence(answer))
      for (const remark of answer.remarks) note(`Note: ${remark}.`)
      if (options.json) json(answer)
      else data(policyYaml(answer.policy))
    })
  return addTargetOptions(command).addHelpText('after', DETAILS)
}

function revisionSentence({ id, revision, updatedAt, policy }: ExchangePolicyAnswer): string {
  if (revision === 0) return `Issuer ${id} has no exchange policy: it exchanges no tokens.`
  const since = updatedAt === undefined ? '' : `, set ${formatMoment(updatedAt, systemClock.now())}`
  const effect = policy.entries.length === 0 ? '; without entries it exchanges no tokens' : ''
  return `Exchange policy of issuer ${id}: revision ${revision}${since}${effect}.`
}
