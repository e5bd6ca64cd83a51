import { expect, test } from 'vitest'
import { targetWords } from '../../../src/cli/host/target.ts'
import { shellWord } from '../../../src/cli/shell-word.ts'

test.each([
  ['plain/state', 'plain/state'],
  ['https://a.example:8443', 'https://a.example:8443'],
  ['', "''"],
  ['~/state', "'~/state'"],
  ['a;b', "'a;b'"],
  ["it's $HOME", String.raw`'it'\''s $HOME'`],
])('%j is %s in a shell', (text, word) => {
  expect(shellWord(text)).toBe(word)
})

test.each([
  [{}, ''],
  [{ json: true as const }, ''],
  [{ state: 'a b' }, " --state 'a b'"],
  [{ url: 'https://a.example', secretFile: 'c' }, ' --url https://a.example --secret-file c'],
])('the installation of %j is named again by %j', (options, words) => {
  expect(targetWords(options)).toBe(words)
})
