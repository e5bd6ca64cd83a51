/**
 * `signet issuer update`: another policy, and what of it takes effect when.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import { usageError } from '../exit.ts'
import type { ControlClient, PolicyChange } from '../host/control-client.ts'
import { HostRefusal } from '../host/control-transport.ts'
import type { ForecastAnswer } from '../host/rotation-answers.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { data, json, note } from '../output.ts'
import { printIssuer } from './issuer-report.ts'
import { effectsTable, lateEffectSentences } from './policy-effects.ts'
import { addPolicyOptions, POLICY_FLAGS, type PolicyOptions, policyOf } from './policy-options.ts'

interface UpdateOptions extends TargetOptions, PolicyOptions {
  readonly reseal?: true
  readonly dryRun?: true
}

export function updateCommand(): Command {
  const command = new Command('update')
    .description('change the policy of an issuer; what is not named stays as it is')
    .argument('<issuer>', 'its id')
    .option(
      '--reseal',
      'keep its policy; renew the protection of its keys, and make its first key if that is missing',
    )
    .option('--dry-run', 'print what would take effect when, and change nothing')
    .action(async (id: string, options: UpdateOptions) => {
      const policy = policyOf(options)
      assertSomething(policy, options)
      const client = await openTarget(options)
      const now = systemClock.now()
      if (options.dryRun) return printForecast(await client.forecastUpdate(id, policy), options)
      const forecast = await forecastIfKnown(client, id, policy)
      const issuer = await client.updateIssuer(id, { policy })
      note(`Updated issuer ${id}.`)
      for (const sentence of lateEffectSentences(forecast?.effects ?? [], now)) note(sentence)
      printIssuer(issuer, options)
    })
  return addTargetOptions(addPolicyOptions(command, 'update'))
}

function assertSomething(policy: PolicyChange, { reseal, dryRun }: UpdateOptions): void {
  if (reseal && dryRun) {
    throw usageError('--dry-run is of a change of the policy: leave out --reseal')
  }
  if (Object.keys(policy).length > 0 || reseal) return
  const flags = [...POLICY_FLAGS, ...(dryRun ? [] : ['--reseal'])]
  throw usageError(`nothing to change: give at least one of ${flags.join(', ')}`)
}

function printForecast(forecast: ForecastAnswer, options: TargetOptions): void {
  if (options.json) return json(forecast)
  const { id, effects } = forecast
  if (effects.length === 0) return data(`No changes: that is the policy of ${id} already.`)
  data(effectsTable(effects, systemClock.now()))
}

/** A host that cannot say when a change takes effect may still make it, and has its own words for one that it refuses. */
async function forecastIfKnown(
  client: ControlClient,
  id: string,
  policy: PolicyChange,
): Promise<ForecastAnswer | undefined> {
  if (Object.keys(policy).length === 0) return undefined
  try {
    return await client.forecastUpdate(id, policy)
  } catch (error) {
    if (error instanceof HostRefusal) return undefined
    throw error
  }
}
