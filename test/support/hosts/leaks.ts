/**
 * What a host on AWS must never say, in any answer and any log line: credentials, accounts, names of resources, references
 * of keys, and what services say of themselves.
 */

import type { TestHost, TestResponse } from './test-host.ts'

const MARKS = [
  'marked',
  'MARKED',
  '999988887777',
  '666655554444',
  'arn:aws',
  'AKIA',
  'kms-v1.',
  'kms-wrapped-v1.',
  'PRIVATE KEY',
  'is not authorized',
  'Credential=',
] as const

/** What is said where it should not be; empty when nothing is. `secrets`: to search for besides the usual ones. */
export function leaksIn(
  host: Pick<TestHost, 'logLines' | 'controlSecret'>,
  answers: readonly TestResponse[],
  secrets: readonly string[] = [],
): string[] {
  const said = [...answers.map((answer) => JSON.stringify(answer)), ...host.logLines()]
  const searched = [...MARKS, host.controlSecret, ...secrets]
  return said.flatMap((text) =>
    searched
      .filter((mark) => text.includes(mark))
      .map((mark) => `"${mark}" in ${text.slice(0, 300)}`),
  )
}
