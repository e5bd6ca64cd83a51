/**
 * How option values are taken.
 */

import { Option } from 'commander'
import { usageError } from './exit.ts'

/** A parser for an option that may be given once: of two values one would be dropped in silence. */
export function once<T>(
  flag: string,
  parse: (text: string) => T,
): (text: string, previous: T | undefined) => T {
  return (text, previous) => {
    if (previous === undefined) return parse(text)
    throw usageError(`${flag} must be given once, got it twice: leave one out`)
  }
}

export function anyText(text: string): string {
  return text
}

/** An option for a text that may be given once. `flags`: as commander has them. */
export function textOption(flags: string, description: string): Option {
  const [, name = flags] = /(--[\w-]+)/.exec(flags) ?? []
  return new Option(flags, description).argParser(once(name, anyText))
}
