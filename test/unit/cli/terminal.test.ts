import { expect, test } from 'vitest'
import { terminalWidth, wantsAscii } from '../../../src/cli/terminal.ts'

test.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ TERM: 'dumb' }, true],
  [{ TERM: 'dumb', LANG: 'en_US.UTF-8' }, true],
  [{ TERM: 'xterm-256color' }, false],
  [{ LANG: 'en_US.UTF-8' }, false],
  [{ LANG: 'sv_SE.utf8' }, false],
  [{ LANG: 'C' }, true],
  [{ LANG: 'de_DE.ISO-8859-1' }, true],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, true],
  [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, false],
])('with %j block characters are better not printed: %j', (env, expected) => {
  expect(wantsAscii(env)).toBe(expected)
})

test.each([
  [undefined, 80],
  [0, 80],
  [20, 30],
  [40, 40],
  [120, 120],
  [400, 160],
])('of %s columns of the terminal %i are used', (columns, width) => {
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'columns')
  Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true })
  try {
    expect(terminalWidth()).toBe(width)
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.stdout, 'columns')
    else Object.defineProperty(process.stdout, 'columns', before)
  }
})
