/**
 * An explanation, for people. What a token says may stand in it, so all of it is made printable.
 */

import { printable } from '../../printable.ts'
import { fields, styled } from '../output.ts'
import type { Answer, EntryExplanation, Explanation, WouldBeToken } from './explanation.ts'

const SAYS: Readonly<Record<Answer, string>> = {
  yes: 'takes the token',
  no: 'does not take the token',
  unknown: 'takes the token, if what is not known is right',
}

export function explanationText({ entries }: Explanation): string {
  return entries.map(entryText).join('\n\n')
}

function entryText({ entry, accepts, checks, tokens }: EntryExplanation): string {
  const rows = checks.map(
    ({ what, answer, detail }) => [`  ${what}`, `${answer.padEnd(7)}  ${detail}`] as const,
  )
  const title = `${styled('bold', printable(entry))} ${SAYS[accepts]}`
  return [title, fields(rows), ...tokens.map(tokenText)].join('\n')
}

function tokenText(token: WouldBeToken): string {
  const audience = printable(token.audience)
  if (!('claims' in token)) {
    return `  no token for ${audience}: ${printable(`${token.detail} (${token.reason})`)}`
  }
  const lines = JSON.stringify(token.claims, null, 2).split('\n')
  return [
    `  a token for ${audience} would say`,
    ...lines.map((line) => `  ${printable(line)}`),
  ].join('\n')
}
