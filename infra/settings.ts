/**
 * Settings of the app: what `infra/deployment.json` says, parsed once with every problem reported.
 *
 * Only what JSON can hold; whoever needs more uses the construct. What is left out has the construct's own default.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as z from 'zod/mini'
import type { ParsedConfig } from '../src/config/setting.ts'
import { shown } from '../src/printable.ts'
import { LAMBDA_NAMES } from './issuer-host/each-function.ts'
import { relationProblems } from './issuer-host/related-settings.ts'
import { settingsForm } from './settings-form.ts'
import { settingsProblems } from './settings-problems.ts'

/** Kept out of git: it names an account. */
export const SETTINGS_FILE = join(import.meta.dirname, 'deployment.json')

export const SETTINGS_EXAMPLE = join(import.meta.dirname, 'deployment.example.json')

type Form = z.infer<typeof settingsForm>

/** Members as in the file; the table in `docs/runbook.md#settings` describes each. */
export type Settings = Readonly<Form> & {
  /** The first is the host of PUBLIC_URL. */
  readonly domainNames: readonly [string, ...string[]]
}

export function parseSettings(value: unknown): ParsedConfig<Settings> {
  const { data, error } = settingsForm.safeParse(value, { reportInput: true })
  if (error !== undefined) return { ok: false, problems: settingsProblems(error.issues) }
  const [first, ...others] = data.domainNames
  if (first === undefined) return { ok: false, problems: ['domainNames must not be empty'] }
  const problems = [
    ...relationProblems({
      ...data,
      rotationSilenceMinutes: data.alarmThresholds?.rotationSilenceMinutes,
    }),
    ...functionNameProblems(data),
  ]
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, config: { ...data, domainNames: [first, ...others] } }
}

function functionNameProblems({ functions = {} }: Form): string[] {
  const names = LAMBDA_NAMES.flatMap((name) => functions[name]?.name ?? [])
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return []
  return [`functions must have names of their own, got ${shown(twice)} twice: change one of them`]
}

/** Those of a file that somebody named. Throws an error whose message has every problem of the file, a sentence each. */
export function readSettings(path: string): Settings {
  return settingsIn(path, 'give the path of a settings file')
}

/** Those of the file that is meant where none is named. Throws as `readSettings` does. */
export function readUsualSettings(path: string = SETTINGS_FILE): Settings {
  return settingsIn(
    path,
    'copy infra/deployment.example.json to infra/deployment.json and fill it in',
  )
}

/** `advice`: what to do where there is no such file. */
function settingsIn(path: string, advice: string): Settings {
  const parsed = parseSettings(readJson(path, advice))
  if (parsed.ok) return parsed.config
  throw new Error(parsed.problems.map((problem) => `${path}: ${problem}`).join('\n'))
}

function readJson(path: string, advice: string): unknown {
  let json: string
  try {
    json = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${advice}`, { cause })
  }
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new Error(
      `${path} must be JSON, and is not: compare it with infra/deployment.example.json`,
      { cause },
    )
  }
}
