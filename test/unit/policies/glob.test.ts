import { describe, expect, test } from 'vitest'
import { GLOB_CHARS_MAX, globProblem, matchesGlob } from '../../../src/policies/glob.ts'

describe('a pattern', () => {
  test.each([
    ['', ''],
    ['a', 'a'],
    ['repo:octo/app:ref:refs/heads/main', 'repo:octo/app:ref:refs/heads/main'],
    ['repo:octo/app:ref:refs/heads/main', 'repo:octo/*:ref:refs/heads/*'],
    ['repo:octo/app:ref:refs/heads/a/b', 'repo:octo/*:ref:refs/heads/**'],
    ['repo:octo/app:ref:refs/heads/a/b', '**'],
    ['', '*'],
    ['', '**'],
    ['ab', 'a*b'],
    ['axb', 'a*b'],
    ['a/b', 'a**b'],
    ['a:b', 'a**b'],
    ['aab', 'a*ab'],
    ['abab', '*ab'],
    ['abcabc', '*b*c'],
    ['a/b/c', '**/*'],
    ['x', '?'],
    ['🔑', '?'],
    ['é/🔑', '?/?'],
    ['a\nb', 'a*b'],
    ['a.b', 'a?b'],
    ['[a]', '[a]'],
    [String.raw`a\*`, String.raw`a\*`],
    ['a{b,c}', 'a{b,c}'],
    ['$.^|()+', '$.^|()+'],
    ['x'.repeat(300), '**x'],
    [`${'a'.repeat(4095)}b`, `**${'a'.repeat(100)}b`],
  ])('%j matches %j', (text, pattern) => {
    expect(matchesGlob(text, pattern)).toBe(true)
  })

  test.each([
    ['a', ''],
    ['', 'a'],
    ['', '?'],
    ['ab', 'a'],
    ['ab', 'b'],
    ['A', 'a'],
    ['ab', '?'],
    // One part does not become two.
    ['a/b', 'a*b'],
    ['a:b', 'a*b'],
    ['a/b', 'a?b'],
    ['a:b', 'a?b'],
    ['/', '*'],
    [':', '?'],
    ['repo:octo/app:environment:x:ref:refs/heads/main', 'repo:octo/*:ref:refs/heads/main'],
    ['repo:octo/app:ref:refs/heads/a/b', 'repo:octo/*:ref:refs/heads/*'],
    ['repo:octocat/app', 'repo:octo/*'],
    ['a', '[a]'],
    ['b', 'a{b,c}'],
    [String.raw`a\x`, String.raw`a\*b`],
    ['aXb', 'a.b'],
    ['x'.repeat(300), '**y'],
    ['a'.repeat(4096), `**${'a'.repeat(100)}b`],
  ])('%j does not match %j', (text, pattern) => {
    expect(matchesGlob(text, pattern)).toBe(false)
  })

  test('of every length matches what it says, at the ends of the words of its masks too', () => {
    for (let length = 0; length <= GLOB_CHARS_MAX; length += 1) {
      const text = 'ab'.repeat(length).slice(0, length)
      expect(matchesGlob(text, text)).toBe(true)
      expect(matchesGlob(`${text}x`, text)).toBe(false)
      expect(matchesGlob(text, `${text.slice(0, -1)}*`)).toBe(true)
    }
  })

  test('means the same each time', () => {
    expect([1, 2].map(() => matchesGlob('a/b', 'a/*'))).toEqual([true, true])
  })

  test.each([
    ['***', 'has three stars in a row: write ** for any text, or * for any without / and :'],
    ['a****', 'has three stars in a row: write ** for any text, or * for any without / and :'],
    ['a'.repeat(257), 'has more than 256 characters'],
  ])('%j is none, and matches nothing', (pattern, problem) => {
    expect(globProblem(pattern)).toBe(problem)
    expect(matchesGlob(pattern, pattern)).toBe(false)
    expect(matchesGlob('a', pattern)).toBe(false)
  })

  test('has no problem with as many characters as it may have', () => {
    expect(globProblem('a'.repeat(256))).toBeUndefined()
  })
})
