/**
 * `signet policy set`: an exchange policy for an issuer, checked here before it is sent.
 */

import { Command } from 'commander'
import type { ExchangePolicyAnswer } from '../host/answers.ts'
import { policyProblemsAnswer } from '../host/answers.ts'
import { HostRefusal } from '../host/control-transport.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'
import { inputName } from '../input-text.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { textOption } from '../options.ts'
import { data, json, note, table } from '../output.ts'
import {
  type CheckedPolicy,
  checkPolicyFile,
  placed,
  problemLines,
} from '../policy/checked-policy.ts'
import { type EntryChange, policyChanges } from '../policy/policy-changes.ts'
import type { PlacedProblem } from '../policy/policy-source.ts'

interface SetOptions extends TargetOptions {
  readonly file: string
  readonly dryRun?: true
}

type RightPolicy = Extract<CheckedPolicy, { readonly ok: true }>

const DETAILS = `
Setting a policy is as much as owning the issuer's keys: it decides who can be any subject of it. Give that right to nobody who
may not have them. The policy is replaced whole; an entry that the file does not have is gone at once.`

export function setCommand(): Command {
  const command = new Command('set')
    .summary('give an issuer an exchange policy')
    .description(
      'give an issuer an exchange policy; it replaces the one that is set, unless somebody else sets one meanwhile',
    )
    .argument('<issuer>', 'its id')
    .addOption(
      textOption(
        '-f, --file <file>',
        'the policy, YAML or JSON; - for standard input',
      ).makeOptionMandatory(),
    )
    .option('--dry-run', 'have it checked by the host, print what would change, and set nothing')
    .action(runSet)
  return addTargetOptions(command).addHelpText('after', DETAILS)
}

async function runSet(id: string, options: SetOptions): Promise<void> {
  const checked = await readRight(options)
  const client = await openTarget(options)
  const before = await client.readPolicy(id)
  const { policy, source } = checked
  const body = options.dryRun ? { policy, dryRun: options.dryRun } : { policy }
  const after = await client.setPolicy(id, body, before.revision).catch((error: unknown) => {
    const problems = placed(problemsIn(error), source)
    if (problems.length === 0) throw error
    throw refusedFor(source.name, problems, EXIT.refused)
  })
  const changes = policyChanges(before.policy.entries, after.policy.entries)
  for (const sentence of outcomeSentences(before, after, changes, options)) note(sentence)
  for (const remark of after.remarks) note(`Note: ${remark}.`)
  if (options.json) json({ ...after, changes })
  else if (changes.length > 0) data(changesTable(changes))
}

/** Whatever is wrong with it is said here, and nothing is sent. */
async function readRight({ file, secretFile, tokenFile }: SetOptions): Promise<RightPolicy> {
  if (file === '-' && (secretFile === '-' || tokenFile === '-')) {
    throw usageError(
      'standard input holds one thing alone: give the policy or the credential as a file',
    )
  }
  const checked = await checkPolicyFile(file, undefined)
  if (checked.ok) return checked
  throw refusedFor(inputName(file), checked.problems, EXIT.usage)
}

function refusedFor(
  name: string,
  problems: readonly PlacedProblem[],
  code: typeof EXIT.refused | typeof EXIT.usage,
): CliError {
  for (const line of problemLines(name, problems)) note(line)
  const by = code === EXIT.refused ? 'the host refuses the policy' : 'the policy is not right'
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new CliError(code, `${by} (${count}, named above): mend it; nothing was set`)
}

function problemsIn(error: unknown) {
  if (!(error instanceof HostRefusal)) return []
  const parsed = policyProblemsAnswer.safeParse(error.answer)
  return parsed.success ? parsed.data.problems : []
}

function outcomeSentences(
  before: ExchangePolicyAnswer,
  { id, revision }: ExchangePolicyAnswer,
  changes: readonly EntryChange[],
  { dryRun }: SetOptions,
): string[] {
  if (dryRun) {
    const what = changes.length === 0 ? 'no entry would change' : counted(changes)
    return [`The host takes this policy for issuer ${id}: ${what}. Nothing was set.`]
  }
  if (revision === before.revision) {
    return [`Nothing to change: that is the exchange policy of issuer ${id} already.`]
  }
  const what = changes.length === 0 ? 'no entry changed' : counted(changes)
  return [
    `Set the exchange policy of issuer ${id}, revision ${revision}: ${what}.`,
    `Whoever may set it decides who can be any subject of ${id}: guard that right as you guard its keys.`,
  ]
}

function counted(changes: readonly EntryChange[]): string {
  const kinds = ['added', 'changed', 'removed'] as const
  return kinds
    .map((kind) => [kind, changes.filter(({ change }) => change === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')
}

function changesTable(changes: readonly EntryChange[]): string {
  const rows = changes.map(({ entry, change, members = [] }) => [entry, change, members.join(', ')])
  return table(['ENTRY', 'CHANGE', 'WHAT'], rows)
}
