/**
 * `signet policy check`: whether an exchange policy is right, and what it makes of a token. Needs no host and no network.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import { identifierProblem } from '../../issuers/issuer-identifier.ts'
import { policyRemarks } from '../../policies/policy-remarks.ts'
import type { SubjectTokenType } from '../../subject-tokens/subject-verification.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { ignoreTargetOptions } from '../host/target.ts'
import { inputName } from '../input-text.ts'
import { once, textOption } from '../options.ts'
import { data, json, note } from '../output.ts'
import { type CheckedPolicy, checkPolicyFile, problemLines } from '../policy/checked-policy.ts'
import { explainToken } from '../policy/explain-token.ts'
import { explanationText } from '../policy/explanation-text.ts'
import { readGivenKeys } from '../policy/given-keys.ts'
import { parseMoment } from '../policy/moment.ts'
import { subjectTokenTypeOption, USUAL_SUBJECT_TOKEN_TYPE } from '../token/subject-token-type.ts'
import { readToken } from '../token/token-source.ts'

interface CheckOptions {
  readonly file: string
  readonly issuer?: string
  readonly token?: string
  readonly subjectTokenType?: SubjectTokenType
  readonly audience?: string
  readonly jwks?: string
  readonly at?: number
  readonly json?: true
}

interface RightPolicy extends Extract<CheckedPolicy, { readonly ok: true }> {
  readonly remarks: readonly string[]
}

const DETAILS = `
Without --token it says whether the policy is right, and what is wrong with it in which line. With --token it says of each entry
why it takes that token or not, and what the new token would say. It ends with 0 where exactly one entry is known to take it,
else with 1: whether the token is for this issuer is known with --issuer, and its signature, where the policy does not hold the
keys, with --jwks.

It works without a host, which checks more when the policy is set: its own keys, URLs and lifetimes.`

export function checkCommand(): Command {
  const command = new Command('check')
    .description('check an exchange policy without a host, and explain what it makes of a token')
    .addOption(
      textOption(
        '-f, --file <file>',
        'the policy, YAML or JSON; - for standard input',
      ).makeOptionMandatory(),
    )
    .addOption(textOption('--issuer <url>', 'URL of the issuer that the policy is for'))
    .addOption(textOption('--token <file>', 'file that holds a token; - for standard input'))
    .addOption(subjectTokenTypeOption('what it is sent as'))
    .addOption(
      textOption('--audience <audience>', 'whom the new token is for (default: each of the entry)'),
    )
    .addOption(
      textOption(
        '--jwks <file>',
        'JWK Set of its issuer, to check its signature where the policy does not hold the keys',
      ),
    )
    .option(
      '--at <moment>',
      'as of when: 2026-11-22T01:40:00Z, or Unix seconds (default: now)',
      once('--at', parseMoment),
    )
    .option('--json', 'print data as JSON')
    .addHelpText('after', DETAILS)
    .action(runCheck)
  return ignoreTargetOptions(command)
}

async function runCheck(options: CheckOptions): Promise<void> {
  assertOptions(options)
  const { file, issuer, token } = options
  const name = inputName(file)
  const checked = await checkPolicyFile(file, issuer)
  if (!checked.ok) {
    const { problems } = checked
    if (options.json) json({ file: name, ok: false, problems })
    else data(problemLines(name, problems).join('\n'))
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    throw new CliError(EXIT.refused, `the policy in ${name} is not right: ${count}`)
  }
  const remarks = policyRemarks(checked.policy, checked.compiled)
  for (const remark of remarks) note(`Note: ${remark}.`)
  const right = { ...checked, remarks }
  if (token === undefined) return printRight(right, options)
  await explain(right, token, options)
}

/** Before anything is read. */
function assertOptions({
  file,
  issuer,
  token,
  jwks,
  audience,
  at,
  subjectTokenType,
}: CheckOptions): void {
  const problem = issuer === undefined ? undefined : identifierProblem('--issuer', issuer)
  if (problem !== undefined) throw usageError(problem)
  const ofToken = {
    '--audience': audience,
    '--jwks': jwks,
    '--at': at,
    '--subject-token-type': subjectTokenType,
  }
  const [flag] = Object.entries(ofToken).find(([, value]) => value !== undefined) ?? []
  if (token === undefined && flag !== undefined) {
    throw usageError(`${flag} is for what the policy makes of a token: give --token too`)
  }
  const piped = [file, token, jwks].filter((each) => each === '-')
  if (piped.length > 1) {
    throw usageError('standard input holds one thing alone: give the others as files')
  }
}

function printRight(
  { policy, source, remarks }: RightPolicy,
  { issuer, json: asJson }: CheckOptions,
): void {
  if (asJson) return json({ file: source.name, ok: true, problems: [], remarks })
  const { length } = policy.entries
  const count = length === 1 ? '1 entry' : `${length} entries`
  const beyond = issuer === undefined ? '; what depends on its issuer is checked with --issuer' : ''
  note(`The policy in ${source.name} is right (${count})${beyond}.`)
}

async function explain(
  { compiled, source, remarks }: RightPolicy,
  tokenFile: string,
  {
    issuer,
    audience,
    subjectTokenType = USUAL_SUBJECT_TOKEN_TYPE,
    jwks,
    at,
    json: asJson,
  }: CheckOptions,
): Promise<void> {
  const token = await readToken(tokenFile)
  const givenKeys = jwks === undefined ? undefined : await readGivenKeys(jwks)
  const request = { issuer, audience, subjectTokenType, givenKeys }
  const explanation = await explainToken(compiled, token, request, at ?? systemClock.now())
  const { accepted, verdict, entries } = explanation
  const ok = accepted !== undefined
  if (asJson) json({ file: source.name, ok, problems: [], remarks, ...explanation })
  else if (entries.length > 0) data(explanationText(explanation))
  if (accepted === undefined) throw new CliError(EXIT.refused, verdict)
  note(`${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}.`)
}
