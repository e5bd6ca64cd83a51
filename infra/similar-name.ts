/**
 * Which of the known names somebody meant who wrote another one.
 */

/** `undefined` where none is near: more than a third of the letters would have to be others. */
export function similarName(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase()
  let best: { readonly name: string; readonly edits: number } | undefined
  for (const name of known) {
    const edits = editsBetween(wanted, name.toLowerCase())
    if (edits <= name.length / 3 && edits < (best?.edits ?? Infinity)) best = { name, edits }
  }
  return best?.name
}

/** Levenshtein's distance: letters to put in, to take out or to replace. */
function editsBetween(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [row, letter] of one.split('').entries()) {
    const line = [row + 1]
    for (const [column, another] of other.split('').entries()) {
      const replaced = (above[column] ?? 0) + (letter === another ? 0 : 1)
      line.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1))
    }
    above = line
  }
  return above.at(-1) ?? 0
}
