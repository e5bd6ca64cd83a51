/**
 * `glob(text, pattern)` of expressions: who is let in by the form of a name.
 *
 * A pattern is matched against the whole text. The parts of subjects and URLs end at `/` and at `:`, and `*` and `?` stay
 * within one part, so that an `environment` does not become a `ref`. `**` alone crosses parts. Nothing else is special,
 * and there are no classes and no escapes. The time is that of the text, whatever either of them says.
 */

/** The longest value of a session tag, and longer than any subject that has a form. */
export const GLOB_CHARS_MAX = 256

/** Places of a pattern in one word of the masks below. */
export const GLOB_WORD_BITS = 32

/** Where parts end. */
const SLASH = 0x2f
const COLON = 0x3a

/**
 * A pattern as sets of its places, one bit each: the place before every character that has to be there, and the end.
 * One step over all of them costs no more than one over a word of them.
 */
interface Compiled {
  /** Where the character leads on from, for each that the pattern has. */
  readonly leads: ReadonlyMap<number, Int32Array>
  /** Where any character of a part does. */
  readonly leadsInPart: Int32Array
  /** Where a run may go on over a `/` or `:`, and over another character. */
  readonly stays: Int32Array
  readonly staysInPart: Int32Array
  /** The place that is the end. */
  readonly end: number
}

/** Patterns are those of policies, and the same for every token. */
const KEPT_MAX = 1000
const compiledBefore = new Map<string, Compiled>()

/** Why it is no pattern, as the end of a sentence that begins with it. */
export function globProblem(pattern: string): string | undefined {
  if (pattern.length > GLOB_CHARS_MAX) return `has more than ${GLOB_CHARS_MAX} characters`
  if (pattern.includes('***')) {
    return 'has three stars in a row: write ** for any text, or * for any without / and :'
  }
  return undefined
}

/** Of a pattern that is none, nothing matches. */
export function matchesGlob(text: string, pattern: string): boolean {
  if (globProblem(pattern) !== undefined) return false
  const compiled = compiledBefore.get(pattern) ?? compileAndKeep(pattern)
  // The places that the text so far may have led to.
  const places = new Int32Array(compiled.stays.length)
  add(places, 0)
  for (const character of text) {
    if (!advance(places, compiled, character.codePointAt(0) ?? 0)) return false
  }
  return has(places, compiled.end)
}

function compileAndKeep(pattern: string): Compiled {
  if (compiledBefore.size >= KEPT_MAX) compiledBefore.clear()
  const compiled = compile(pattern)
  compiledBefore.set(pattern, compiled)
  return compiled
}

function compile(pattern: string): Compiled {
  const tokens = Array.from(pattern.matchAll(/\*{1,2}|[^*]/gu), ([token]) => token)
  const empty = new Int32Array(Math.ceil((tokens.length + 1) / GLOB_WORD_BITS))
  const [leadsInPart, stays, staysInPart] = [empty.slice(), empty.slice(), empty.slice()]
  const leads = new Map([
    [SLASH, empty.slice()],
    [COLON, empty.slice()],
  ])
  let place = 0
  for (const token of tokens) {
    if (token.startsWith('*')) {
      add(staysInPart, place)
      if (token === '**') add(stays, place)
      continue
    }
    if (token === '?') add(leadsInPart, place)
    else add(leadsOf(token.codePointAt(0) ?? 0, leads, empty), place)
    place += 1
  }
  for (const [character, its] of leads) {
    if (!separates(character)) its.forEach((word, at) => (its[at] = word | (leadsInPart[at] ?? 0)))
  }
  return { leads, leadsInPart, stays, staysInPart, end: place }
}

function leadsOf(character: number, leads: Map<number, Int32Array>, empty: Int32Array): Int32Array {
  const its = leads.get(character) ?? empty.slice()
  leads.set(character, its)
  return its
}

/** `false` where no place is left. */
function advance(places: Int32Array, compiled: Compiled, character: number): boolean {
  const leads = compiled.leads.get(character) ?? compiled.leadsInPart
  const stays = separates(character) ? compiled.stays : compiled.staysInPart
  let carried = 0
  let left = 0
  for (let at = 0; at < places.length; at += 1) {
    const word = places[at] ?? 0
    const led = word & (leads[at] ?? 0)
    const next = (led << 1) | carried | (word & (stays[at] ?? 0))
    carried = led >>> (GLOB_WORD_BITS - 1)
    places[at] = next
    left |= next
  }
  return left !== 0
}

function separates(character: number): boolean {
  return character === SLASH || character === COLON
}

function add(places: Int32Array, place: number): void {
  const at = Math.floor(place / GLOB_WORD_BITS)
  places[at] = (places[at] ?? 0) | (1 << (place % GLOB_WORD_BITS))
}

function has(places: Int32Array, place: number): boolean {
  const word = places[Math.floor(place / GLOB_WORD_BITS)] ?? 0
  return ((word >>> (place % GLOB_WORD_BITS)) & 1) === 1
}
