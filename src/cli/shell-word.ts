/**
 * A text as one word of a POSIX shell, for commands that people paste.
 */

export function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
