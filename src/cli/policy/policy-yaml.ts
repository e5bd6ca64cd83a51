/**
 * A policy as YAML, as a host has it: to be read, changed and set again.
 */

import { stringify } from 'yaml'
import { isPrintable } from '../../printable.ts'

const LINE_CHARS_MAX = 120
/** Those of `src/printable.ts`, but for the end of a line. */
const UNPRINTABLE = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Reads back as the same value. What could steer a terminal is escaped. Without the last line's end. */
export function policyYaml(policy: object): string {
  const text = stringify(policy, { lineWidth: LINE_CHARS_MAX }).trimEnd()
  if (isPrintable(text.replaceAll('\n', ''))) return text
  // Within quotes an escape means what it stands for.
  const quoted = stringify(policy, {
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'QUOTE_DOUBLE',
    doubleQuotedAsJSON: true,
  })
  return quoted.trimEnd().replace(UNPRINTABLE, escaped)
}

function escaped(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0
  return codePoint > 0xffff
    ? String.raw`\U${codePoint.toString(16).padStart(8, '0')}`
    : String.raw`\u${codePoint.toString(16).padStart(4, '0')}`
}
