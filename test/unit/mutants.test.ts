/**
 * The list of mutants, held against the code that it is of.
 */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MUTANTS } from '../mutants/list.ts'

const ROOT = new URL('../../', import.meta.url)

function textOf(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8')
}

describe('the list of mutants', () => {
  test.each(MUTANTS)('has a rule of the ring that is there, once: $name', (mutant) => {
    const { file, find, replace, killedBy } = mutant
    expect(textOf(file).split(find)).toHaveLength(2)
    expect(replace).not.toBe(find)
    expect(textOf(killedBy)).toContain('describe(')
  })

  test('names each one once', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  })
})
