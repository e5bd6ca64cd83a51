import { describe, expect, test } from 'vitest'
import { isDnsLabel, isDnsSubdomain } from '../../src/dns-names.ts'

describe('a DNS label', () => {
  test.each([
    ['has inner hyphens', 'kube-system', true],
    ['is one character', 'a', true],
    ['is at most 63 characters', 'a'.repeat(63), true],
    ['refuses 64 characters', 'a'.repeat(64), false],
    ['refuses nothing', '', false],
    ['refuses a dot', 'a.b', false],
    ['refuses capitals', 'Web', false],
    ['refuses an outer hyphen', 'web-', false],
    ['refuses the separator of subjects', 'web:api', false],
    ['refuses a line end', 'web\n', false],
  ])('%s', (_title, text, expected) => {
    expect(isDnsLabel(text)).toBe(expected)
  })
})

describe('a DNS name of labels', () => {
  test.each([
    ['has dots', 'api.v1.web-2', true],
    ['is one character', '7', true],
    ['is at most 253 characters', 'a'.repeat(253), true],
    ['refuses 254 characters', 'a'.repeat(254), false],
    ['refuses nothing', '', false],
    ['refuses an empty label', 'a..b', false],
    ['refuses a dot in front', '.a', false],
    ['refuses a dot behind', 'a.', false],
    ['refuses a hyphen at the end of a label', 'a-.b', false],
    ['refuses capitals', 'Api', false],
    ['refuses the separator of subjects', 'web:api', false],
    ['refuses a line end', 'api\n', false],
  ])('%s', (_title, text, expected) => {
    expect(isDnsSubdomain(text)).toBe(expected)
  })
})
