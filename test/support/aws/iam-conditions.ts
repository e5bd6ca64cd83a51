/**
 * Conditions of IAM statements, as far as this repository writes them: an operator or a key that is not known here throws,
 * so that no test passes by what nobody has judged.
 *
 * AWS IAM user guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or values".
 */

/** The values that a request has for a condition key, whose name is in lower case; `undefined` where it has none. */
export type IamContext = (key: string) => readonly string[] | undefined

/** By operator, by key, what is allowed. */
export type IamConditions = Readonly<
  Record<string, Readonly<Record<string, string | boolean | number | readonly string[]>>>
>

/** Of one value of the request, and one of the policy. */
type Comparison = (given: string, wanted: string) => boolean

interface Operator {
  readonly compare: Comparison
  /** Whether it holds where the comparison does not, of all that are wanted. */
  readonly negated: boolean
}

const equals: Comparison = (given, wanted) => given === wanted
const like: Comparison = (given, wanted) => matchesPattern(given, wanted)
const arnLike: Comparison = (given, wanted) => matchesArn(given, wanted)

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: equals, negated: false },
  StringNotEquals: { compare: equals, negated: true },
  StringLike: { compare: like, negated: false },
  StringNotLike: { compare: like, negated: true },
  // IAM user guide: "ArnEquals and ArnLike behave identically".
  ArnEquals: { compare: arnLike, negated: false },
  ArnLike: { compare: arnLike, negated: false },
  ArnNotEquals: { compare: arnLike, negated: true },
  ArnNotLike: { compare: arnLike, negated: true },
  Bool: { compare: (given, wanted) => given.toLowerCase() === wanted, negated: false },
  NumericEquals: { compare: (given, wanted) => Number(given) === Number(wanted), negated: false },
  NumericLessThan: { compare: (given, wanted) => Number(given) < Number(wanted), negated: false },
  NumericLessThanEquals: {
    compare: (given, wanted) => Number(given) <= Number(wanted),
    negated: false,
  },
}

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/

/** Whether all of them hold. Throws for what is not known here. */
export function conditionsHold(conditions: IamConditions, context: IamContext): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(operator, [wanted].flat().map(String), context(key.toLowerCase())),
    ),
  )
}

function holds(
  name: string,
  wanted: readonly string[],
  given: readonly string[] | undefined,
): boolean {
  const [, set, base = '', ifExists] = OPERATOR.exec(name) ?? []
  if (base === 'Null') return wanted.some((value) => (value === 'true') === (given === undefined))
  const operator = OPERATORS[base]
  if (operator === undefined) throw new TypeError(`no fake judges the operator ${name}`)
  const { compare, negated } = operator
  const holdsFor = (value: string) => wanted.some((each) => compare(value, each)) !== negated
  if (set === 'ForAllValues') return (given ?? []).every(holdsFor)
  if (set === 'ForAnyValue') return (given ?? []).some(holdsFor)
  // IAM user guide: what is negated holds where the key is missing, and everything does with `IfExists`.
  if (given === undefined) return ifExists !== undefined || negated
  const [value = '', ...more] = given
  if (more.length > 0) throw new TypeError(`${name} needs ForAllValues or ForAnyValue: many values`)
  return holdsFor(value)
}

/** `*` for any characters, `?` for one. */
export function matchesPattern(text: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

/** IAM user guide: each of the six parts is matched by itself. */
function matchesArn(arn: string, pattern: string): boolean {
  const [parts, patterns] = [partsOf(arn), partsOf(pattern)]
  return patterns.every((each, index) => matchesPattern(parts[index] ?? '', each))
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}
