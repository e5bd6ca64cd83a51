/**
 * What the terminal can show.
 */

const WIDTH = { default: 80, min: 30, max: 160 } as const

/** Columns of standard output; of a pipe as many as a terminal usually has. */
export function terminalWidth(): number {
  const columns = process.stdout.columns || WIDTH.default
  return Math.min(Math.max(columns, WIDTH.min), WIDTH.max)
}

/** Whether block characters are better not printed: by a terminal without them, or a locale that is not of UTF-8. */
export function wantsAscii(env: Readonly<NodeJS.ProcessEnv>): boolean {
  if (env['TERM'] === 'dumb') return true
  // In the order of POSIX; where none is set, as in most containers and CI, UTF-8 is what everything takes.
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG']
  return locale !== undefined && !/utf-?8/i.test(locale)
}
