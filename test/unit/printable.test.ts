import { describe, expect, test } from 'vitest'
import { isPrintable, printable, shortened, shown } from '../../src/printable.ts'

describe('text from elsewhere', () => {
  test.each([
    ['NUL', 'a\0b', String.raw`a\u{0}b`],
    ['a line end', 'a\nb', String.raw`a\u{a}b`],
    ['the start of a terminal sequence', '\u001b[2J', String.raw`\u{1b}[2J`],
    ['DEL', 'a\u007fb', String.raw`a\u{7f}b`],
    ['a control character of C1', 'a\u009bb', String.raw`a\u{9b}b`],
    ['a soft hyphen', 'a\u00adb', String.raw`a\u{ad}b`],
    ['a zero-width space', 'a\u200bb', String.raw`a\u{200b}b`],
    ['a line separator', 'a\u2028b', String.raw`a\u{2028}b`],
    ['a paragraph separator', 'a\u2029b', String.raw`a\u{2029}b`],
    ['what turns the line round', 'a\u202eb', String.raw`a\u{202e}b`],
    ['a byte order mark', '\ufeffa', String.raw`\u{feff}a`],
    ['an invisible letter beyond the first plane', 'a\u{e0061}b', String.raw`a\u{e0061}b`],
    ['the first half of a character', 'a\ud83d', String.raw`a\u{d83d}`],
    ['the second half of a character', '\udd11a', String.raw`\u{dd11}a`],
    ['each of several', '\r\n\u202e', String.raw`\u{d}\u{a}\u{202e}`],
  ])('shows %s by its number', (_title, text, expected) => {
    expect(printable(text)).toBe(expected)
    expect(isPrintable(text)).toBe(false)
    expect(isPrintable(printable(text))).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['a sentence', 'The cluster is gone, 100 %.'],
    ['letters of the world', 'Zürich, 東京, e\u0301'],
    ['an emoji', '🔑'],
    ['what it would write itself', String.raw`\u{202e}`],
  ])('leaves %s as it is', (_title, text) => {
    expect(printable(text)).toBe(text)
    expect(isPrintable(text)).toBe(true)
  })

  test('is judged anew each time', () => {
    expect([1, 2, 3].map(() => isPrintable('a\nb'))).toEqual([false, false, false])
  })
})

describe('the beginning of a text', () => {
  test('is all of it where it is short', () => {
    expect(shortened('abc', 3)).toBe('abc')
  })

  test('ends in an ellipsis where there is more', () => {
    expect(shortened('abcd', 3)).toBe('abc…')
  })

  test('has no half characters', () => {
    expect(shortened('ab🔑cd', 3)).toBe('ab…')
    expect(shortened('ab🔑cd', 4)).toBe('ab🔑…')
  })
})

describe('a value that was given', () => {
  test.each(['arn:aws:iam::999988887777:role/x', ' ARN:aws:kms:::key/x'])(
    'an ARN by its kind alone, since it has an account in it: %j',
    (value) => {
      expect(shown(value)).toBe('an ARN')
    },
  )

  test.each([
    ['nothing', undefined, 'nothing'],
    ['null', null, 'null'],
    ['a list', [1], 'a list'],
    ['an object', { a: 1 }, 'an object'],
    ['a number', 600.5, '600.5'],
    ['a number beyond all', Infinity, 'Infinity'],
    ['a truth', true, 'true'],
    ['a text', 'say "x"', String.raw`"say \"x\""`],
    ['a text of two lines', 'a\nb', String.raw`"a\nb"`],
    ['a text that turns the line round', 'a\u202eb', String.raw`"a\u{202e}b"`],
    ['a text with DEL and C1', '\u007f\u0085', String.raw`"\u{7f}\u{85}"`],
    ['half a character', '\ud83d', String.raw`"\ud83d"`],
    ['a long text', 'a'.repeat(100), `"${'a'.repeat(79)}…`],
  ])('is shown: %s', (_title, value, expected) => {
    expect(shown(value)).toBe(expected)
  })
})
