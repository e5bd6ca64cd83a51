import { describe, expect, test } from 'vitest'
import { isIssuerId, issuerIdProblem } from '../../../src/issuers/issuer-id.ts'

describe('an issuer id', () => {
  test.each([
    ['one letter', 'a'],
    ['one digit', '7'],
    ['inner hyphens', 'eu-west--1'],
    ['63 characters', 'a'.repeat(63)],
    ['a reserved word with more', 'control-2'],
  ])('may be %s', (_title, id) => {
    expect(isIssuerId(id)).toBe(true)
    expect(issuerIdProblem(id)).toBeUndefined()
  })

  test.each([
    ['refuses nothing', ''],
    ['refuses 64 characters', 'a'.repeat(64)],
    ['refuses capitals', 'Prod'],
    ['refuses a hyphen in front', '-prod'],
    ['refuses a hyphen behind', 'prod-'],
    ['refuses a dot', 'a.b'],
    ['refuses a slash', 'a/b'],
    ['refuses a parent directory', '..'],
    ['refuses an underscore', 'a_b'],
    ['refuses a line end', 'prod\n'],
    ['refuses a letter beyond ASCII', 'prödüct'],
    ['refuses a second line that is good', 'A\nprod'],
  ])('%s', (_title, id) => {
    expect(isIssuerId(id)).toBe(false)
    expect(issuerIdProblem(id)).toMatch(/^id must be 1 to 63 lower-case letters/)
  })

  test.each(['control', 'healthz', 'token'])("refuses the host's own path %s", (id) => {
    expect(isIssuerId(id)).toBe(false)
    expect(issuerIdProblem(id)).toContain(`got "${id}"`)
  })

  test('refuses an id that steers terminals without repeating what steers', () => {
    expect(issuerIdProblem('a\u202eb\u009bc')).toContain(String.raw`got "a\u{202e}b\u{9b}c"`)
  })

  test('refuses a long id without repeating all of it', () => {
    expect(issuerIdProblem('a'.repeat(10_000))?.length).toBeLessThan(300)
  })
})
