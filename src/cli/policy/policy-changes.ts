/**
 * What differs between two exchange policies, entry by entry. Their order means nothing: the key selects the entry.
 */

import { isDeepStrictEqual } from 'node:util'
import type { ExchangePolicyAnswer } from '../host/answers.ts'

type Entry = ExchangePolicyAnswer['policy']['entries'][number]
type Entries = readonly Entry[]

export interface EntryChange {
  readonly entry: string
  readonly change: 'added' | 'removed' | 'changed'
  /** Which of its members differ: `condition`, `token.tags`. */
  readonly members?: readonly string[]
}

export function policyChanges(before: Entries, after: Entries): EntryChange[] {
  const was = new Map(before.map((entry) => [entry.name, entry]))
  const is = new Set(after.map(({ name }) => name))
  return [
    ...after.flatMap((entry) => changeOf(was.get(entry.name), entry)),
    ...before
      .filter(({ name }) => !is.has(name))
      .map(({ name }) => ({ entry: name, change: 'removed' as const })),
  ]
}

function changeOf(before: Entry | undefined, after: Entry): EntryChange[] {
  const { name } = after
  if (before === undefined) return [{ entry: name, change: 'added' }]
  const members = differing(before, after).flatMap((member) =>
    member === 'token'
      ? differing(before['token'], after['token']).map((inner) => `token.${inner}`)
      : [member],
  )
  return members.length === 0 ? [] : [{ entry: name, change: 'changed', members }]
}

function differing(before: unknown, after: unknown): string[] {
  const [was, is] = [new Map(Object.entries(before ?? {})), new Map(Object.entries(after ?? {}))]
  const names = new Set([...was.keys(), ...is.keys()])
  return [...names].filter((name) => !isDeepStrictEqual(was.get(name), is.get(name)))
}
