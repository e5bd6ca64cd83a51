/**
 * Setting `CONTROL_TRUST`: whose tokens open which actions of the control API. Of the deployment and not of any issuer, so
 * that nobody who changes an issuer comes to own the others.
 *
 * Checked here are form and expressions. Keys that are written in it take time to read: that is done for the first token
 * (`control-access/control-tokens.ts`).
 */

import * as z from 'zod/mini'
import { CONTROL_ACTION_NAMES, CONTROL_ACTIONS } from '../control-access/control-actions.ts'
import type { ControlGrant } from '../control-access/control-grant.ts'
import { isIssuerId } from '../issuers/issuer-id.ts'
import { CLAIMS_DEPTH_MAX, EXPRESSION_CHARS_MAX, POLICY_ENTRIES_MAX } from '../limits.ts'
import { compileMember } from '../policies/compile-member.ts'
import { listOf, strictForm } from '../policies/form-parts.ts'
import { formProblems } from '../policies/form-problems.ts'
import { isAlwaysTrue } from '../policies/policy-remarks.ts'
import { type PolicyProblem, problemSentence } from '../policies/policy-problem.ts'
import { SOURCE_FORM } from '../policies/source-form.ts'
import { shown } from '../printable.ts'
import { parseStrictJson } from '../subject-tokens/strict-json.ts'
import type { HostConfig } from './host-config.ts'
import { ownUrls } from './own-urls.ts'
import { isUnset } from './setting.ts'

const SETTING = 'CONTROL_TRUST'

const JSON_BOUNDS = {
  depthMax: CLAIMS_DEPTH_MAX,
  itemsMax: POLICY_ENTRIES_MAX,
  charsMax: EXPRESSION_CHARS_MAX,
}

const action = z.enum(
  CONTROL_ACTION_NAMES as readonly [(typeof CONTROL_ACTION_NAMES)[number]],
  `must be one of ${CONTROL_ACTION_NAMES.join(', ')}`,
)

const allowance = strictForm(
  {
    actions: listOf(action, CONTROL_ACTION_NAMES.length, 'actions'),
    issuers: z.custom<ControlGrant['allows'][number]['issuers']>(
      isIssuerChoice,
      'must be "*" or a list of ids of issuers',
    ),
  },
  'must be an object with actions and issuers',
  'What its tokens open.',
)

const { audience: _audience, ...SOURCE } = SOURCE_FORM

const grant = strictForm(
  { ...SOURCE, allows: listOf(allowance, POLICY_ENTRIES_MAX, 'objects with actions and issuers') },
  'must be an object with name, issuer, keys, algorithms, condition and allows',
  'Whose tokens open what.',
)

const trust = listOf(grant, POLICY_ENTRIES_MAX, 'issuers that are trusted for control')

function isIssuerChoice(value: unknown): boolean {
  if (value === '*') return true
  if (!Array.isArray(value) || value.length === 0) return false
  return value.every((id) => typeof id === 'string' && isIssuerId(id))
}

/**
 * `value`: unchecked. `host`: `undefined` where that is wrong, which is said elsewhere. `undefined` where it is unset, and
 * where it is wrong, which `problems` then says.
 */
export function parseControlTrust(
  value: unknown,
  host: HostConfig | undefined,
  problems: string[],
): readonly ControlGrant[] | undefined {
  if (isUnset(value)) return undefined
  const json = parseStrictJson(typeof value === 'string' ? value : '', JSON_BOUNDS)
  if (!json.ok) {
    problems.push(
      `${SETTING} ${json.problem}: it must be a JSON list of issuers that are trusted for control`,
    )
    return undefined
  }
  const parsed = trust.safeParse(json.value, { reportInput: true })
  const found = parsed.success
    ? [...grantsProblems(parsed.data, host), ...twinProblems(parsed.data)]
    : formProblems(parsed.error.issues)
  problems.push(...found.map(sentence))
  return parsed.success && found.length === 0 ? parsed.data : undefined
}

function sentence({ path, ...problem }: PolicyProblem): string {
  return problemSentence({ ...problem, path: [[SETTING, ...path].join('.')] })
}

function grantsProblems(
  grants: readonly ControlGrant[],
  host: HostConfig | undefined,
): PolicyProblem[] {
  return grants.flatMap((each, index) =>
    [
      ...(host === undefined ? [] : hostProblems(each, host)),
      ...keyProblems(each),
      ...conditionProblems(each),
      ...allowanceProblems(each),
    ].map((problem) => ({ ...problem, path: [index, ...problem.path] })),
  )
}

/** Whoever may mint tokens of an issuer of ours, or set its policy, would be owner of all. */
function hostProblems({ issuer, keys }: ControlGrant, host: HostConfig): PolicyProblem[] {
  const isOwn = ownUrls(host)
  const problems: PolicyProblem[] = []
  if (isOwn(issuer)) {
    problems.push({
      path: ['issuer'],
      message: `must be no issuer of this installation, got ${shown(issuer)}: name the issuer of whoever operates it`,
    })
  }
  if (new URL(issuer).protocol !== 'https:' && host.localHosts === undefined) {
    problems.push({
      path: ['issuer'],
      message: `must use https (http is for local installations alone), got ${shown(issuer)}`,
    })
  }
  const jwksHost = 'discovery' in keys ? keys.jwksHost : undefined
  if (jwksHost !== undefined && isOwn(`https://${jwksHost}`)) {
    problems.push({
      path: ['keys', 'jwksHost'],
      message: 'must be no host of this installation: the keys here are those of its own issuers',
    })
  }
  return problems
}

function keyProblems({ keys }: ControlGrant): PolicyProblem[] {
  if (!('adopted' in keys)) return []
  const message =
    'must be {"discovery": true} or {"jwks": {"keys": […]}}, got {"adopted": true}: keys are adopted by issuers of this installation, and none of them is trusted for control'
  return [{ path: ['keys'], message }]
}

function conditionProblems({ issuer, condition }: ControlGrant): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const compiled = compileMember(condition, ['condition'], 'bool', (problem) =>
    problems.push(problem),
  )
  if (compiled !== undefined && isAlwaysTrue(compiled)) {
    problems.push({
      path: ['condition'],
      message: `names nobody: everyone with a token of this issuer (${shown(issuer)}) would be let in, so write whom you mean, such as claims.sub == "…"`,
    })
  }
  return problems
}

/** What could never open anything was meant otherwise. */
function allowanceProblems({ allows }: ControlGrant): PolicyProblem[] {
  return allows.flatMap(({ actions, issuers }, index) => {
    if (issuers === '*') return []
    const whole = actions.filter((name) => !CONTROL_ACTIONS[name].perIssuer)
    if (whole.length === 0) return []
    const message = `must be "*" for ${whole.join(', ')}, got a list: an issuer that there is not yet has no id to name`
    return [{ path: ['allows', index, 'issuers'], message }]
  })
}

/** Of two that are alike nobody could tell which one lets somebody in. */
function twinProblems(grants: readonly ControlGrant[]): PolicyProblem[] {
  return grants.flatMap(({ name, issuer, keys }, index) => {
    const before = grants.slice(0, index)
    const path = [index]
    if (before.some((other) => other.name === name)) {
      return [{ path: [...path, 'name'], message: `must be there once, got ${shown(name)} twice` }]
    }
    const isTwin = before.some(
      (other) => 'discovery' in keys && 'discovery' in other.keys && other.issuer === issuer,
    )
    if (!isTwin) return []
    const message = `must be discovered once, got ${shown(issuer)} twice: put both allowances into one`
    return [{ path: [...path, 'issuer'], message }]
  })
}
