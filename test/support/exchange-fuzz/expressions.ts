/**
 * A few CEL expressions as text, each with what it comes to, written down once more: by hand, and by nothing of the product.
 */

import * as fc from 'fast-check'
import type { JsonObject } from '../../../src/json.ts'

export interface Reading {
  readonly claims: JsonObject
  readonly entryName: string
  readonly audience: string
  readonly subjectTokenType: string
}

/** That an expression has no value: whoever needs one gets none. */
export const NONE = Symbol('none')

export interface Expression {
  readonly text: string
  readonly value: (reading: Reading) => unknown
}

const claim = (name: string, { claims }: Reading): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : NONE

/** Of a claim, as far as it is there and what it should be. */
const ofText = (name: string, then: (text: string) => unknown) => (reading: Reading) => {
  const value = claim(name, reading)
  return typeof value === 'string' ? then(value) : NONE
}
const isThere = (name: string, then: (value: unknown) => unknown) => (reading: Reading) => {
  const value = claim(name, reading)
  return value === NONE ? NONE : then(value)
}

const LEAVES: readonly Expression[] = [
  { text: 'true', value: () => true },
  { text: 'false', value: () => false },
  { text: 'claims.team == "payments"', value: isThere('team', (team) => team === 'payments') },
  { text: 'claims.team != "payments"', value: isThere('team', (team) => team !== 'payments') },
  { text: 'has(claims.team)', value: (reading) => claim('team', reading) !== NONE },
  {
    text: 'claims.team.startsWith("pay")',
    value: ofText('team', (team) => team.startsWith('pay')),
  },
  {
    text: '"admins" in claims.groups',
    value: isThere('groups', (groups) =>
      Array.isArray(groups) ? groups.includes('admins') : NONE,
    ),
  },
  {
    text: 'claims.groups.exists(g, g == "admins")',
    value: isThere('groups', (groups) =>
      Array.isArray(groups) ? groups.includes('admins') : NONE,
    ),
  },
  {
    text: 'claims.level >= 3.0',
    value: isThere('level', (level) => (typeof level === 'number' ? level >= 3 : NONE)),
  },
  { text: 'claims.flag', value: isThere('flag', (flag) => flag) },
  { text: 'entry.name == "prod"', value: ({ entryName }) => entryName === 'prod' },
  {
    text: 'request.audience == "sts.amazonaws.com"',
    value: ({ audience }) => audience === 'sts.amazonaws.com',
  },
  {
    text: 'request.subjectTokenType == "jwt"',
    value: ({ subjectTokenType }) => subjectTokenType === 'jwt',
  },
  {
    text: 'glob(claims.sub, "system:*:payments:*")',
    value: ofText('sub', (sub) => /^system:[^:/]*:payments:[^:/]*$/u.test(sub)),
  },
]

const leaf = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LEAVES.slice(0, 1)) },
  { weight: 3, arbitrary: fc.constantFrom(...LEAVES) },
)

/** `&&` and `||` do not mind a side without a value where the other one decides (CEL, "Logical Operators"). */
const decidedBy =
  (deciding: boolean) =>
  (left: unknown, right: unknown): unknown => {
    if (left === deciding || right === deciding) return deciding
    return left === !deciding && right === !deciding ? !deciding : NONE
  }
const both = decidedBy(false)
const either = decidedBy(true)

export const { condition } = fc.letrec<{ condition: Expression; inner: Expression }>((tie) => ({
  inner: leaf,
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    { weight: 8, arbitrary: tie('inner') },
    {
      weight: 1,
      arbitrary: tie('condition').map(({ text, value }) => ({
        text: `!(${text})`,
        value: (reading: Reading) => {
          const of = value(reading)
          return typeof of === 'boolean' ? !of : NONE
        },
      })),
    },
    { weight: 1, arbitrary: joined(tie('condition'), '&&', both) },
    { weight: 2, arbitrary: joined(tie('condition'), '||', either) },
  ),
}))

function joined(
  side: fc.Arbitrary<Expression>,
  operator: string,
  of: (left: unknown, right: unknown) => unknown,
): fc.Arbitrary<Expression> {
  return fc.tuple(side, side).map(([left, right]) => ({
    text: `(${left.text}) ${operator} (${right.text})`,
    value: (reading) => of(left.value(reading), right.value(reading)),
  }))
}

/** For texts that begin with the name of the entry, whatever they read. */
export const PREFIXED_TEXTS: readonly Expression[] = [
  {
    text: 'entry.name + ":" + claims.sub',
    value: (reading) => prefixed(reading, ':', claim('sub', reading)),
  },
  {
    text: 'entry.name + "/" + claims.team',
    value: (reading) => prefixed(reading, '/', claim('team', reading)),
  },
  {
    text: 'has(claims.team) ? entry.name + ":" + claims.team : entry.name + ":none"',
    value: (reading) => {
      const team = claim('team', reading)
      return prefixed(reading, ':', team === NONE ? 'none' : team)
    },
  },
]

/** The team of a token, whatever that is. */
export const TEAM: Expression = { text: 'claims.team', value: isThere('team', (team) => team) }

/** For texts of a token. */
export const TEXTS: readonly Expression[] = [
  { text: 'claims.sub', value: isThere('sub', (sub) => sub) },
  TEAM,
  ...PREFIXED_TEXTS,
  {
    text: 'has(claims.team) ? claims.team : "none"',
    value: (reading) => {
      const team = claim('team', reading)
      return team === NONE ? 'none' : team
    },
  },
  {
    text: 'claims.sub.split(":")[2]',
    value: ofText('sub', (sub) => sub.split(':')[2] ?? NONE),
  },
]

/** For claims of any form. */
export const VALUES: readonly Expression[] = [
  ...TEXTS,
  { text: 'claims.groups', value: isThere('groups', (groups) => groups) },
  { text: 'claims.level', value: isThere('level', (level) => level) },
  { text: '"constant"', value: () => 'constant' },
  { text: 'request.audience', value: ({ audience }) => audience },
]

function prefixed({ entryName }: Reading, by: string, value: unknown): unknown {
  return typeof value === 'string' ? `${entryName}${by}${value}` : NONE
}
