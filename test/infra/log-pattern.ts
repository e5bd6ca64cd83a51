/**
 * CloudWatch's patterns for JSON lines, as far as alarms use them: a field equals a text, and all or any of several such
 * (Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters"). Anything else in a pattern throws.
 */

type Fields = Readonly<Record<string, unknown>>
type Condition = (fields: Fields) => boolean

const TOKENS = /\s*(\(|\)|&&|\|\||=|\$\.\w+|"[^"\\]*")/y

/** A line that is not JSON as a whole matches none. */
export function matchesPattern(pattern: string, line: string): boolean {
  const fields = fieldsOf(line)
  const condition = conditionOf(pattern)
  return fields !== undefined && condition(fields)
}

export function fieldsOf(line: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : undefined
  } catch {
    return undefined
  }
}

function conditionOf(pattern: string): Condition {
  const [, inner] = /^\{ (.+) \}$/.exec(pattern) ?? []
  if (inner === undefined) throw new Error(`no pattern for JSON: ${pattern}`)
  const tokens = tokensOf(inner)
  const condition = parseAny(tokens)
  if (tokens.length > 0) throw new Error(`more behind the pattern: ${tokens.join(' ')}`)
  return condition
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKENS.lastIndex = 0
  while (TOKENS.lastIndex < text.length) {
    const at = TOKENS.lastIndex
    const [, token] = TOKENS.exec(text) ?? []
    if (token === undefined) throw new Error(`unknown in a pattern: ${text.slice(at)}`)
    tokens.push(token)
  }
  return tokens
}

function parseAny(tokens: string[]): Condition {
  const parts = [parseAll(tokens)]
  while (tokens[0] === '||') {
    tokens.shift()
    parts.push(parseAll(tokens))
  }
  return (fields) => parts.some((part) => part(fields))
}

function parseAll(tokens: string[]): Condition {
  const parts = [parseOne(tokens)]
  while (tokens[0] === '&&') {
    tokens.shift()
    parts.push(parseOne(tokens))
  }
  return (fields) => parts.every((part) => part(fields))
}

function parseOne(tokens: string[]): Condition {
  const [first = ''] = tokens.splice(0, 1)
  if (first === '(') {
    const inner = parseAny(tokens)
    if (tokens.shift() !== ')') throw new Error('a bracket is open')
    return inner
  }
  const [operator, value = ''] = tokens.splice(0, 2)
  if (!first.startsWith('$.') || operator !== '=' || !value.startsWith('"')) {
    throw new Error(`no comparison: ${first} ${operator} ${value}`)
  }
  if (value.includes('*')) throw new Error(`a wildcard is not known here: ${value}`)
  return (fields) => fields[first.slice(2)] === value.slice(1, -1)
}
