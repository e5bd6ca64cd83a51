/**
 * The page on what `--json` prints names every member that an answer may have, and every one of the goldens.
 */

import { glob, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import * as answers from '../../../src/cli/host/answers.ts'
import * as rotationAnswers from '../../../src/cli/host/rotation-answers.ts'

const ROOT = new URL('../../../', import.meta.url)
const page = await readFile(new URL('docs/json-output.md', ROOT), 'utf8')

/** Of a path in the page the last member. */
const named = new Set(
  [...page.matchAll(/`([\w.[\]]+)`/g)].map(([, path]) => path?.split('.').at(-1)),
)

function unnamed(members: readonly string[]): string[] {
  return [...new Set(members)].filter((member) => !named.has(member))
}

/** Of an object and of everything in it. */
function membersOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Array.isArray(value) ? [] : Object.keys(value)
  return [...own, ...Object.values(value).flatMap(membersOf)]
}

function membersOfForm(form: z.core.$ZodType): string[] {
  const members: string[] = []
  z.toJSONSchema(form, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => void members.push(...Object.keys(jsonSchema.properties ?? {})),
  })
  return members
}

/** The names that a JSON Schema has for members, those of members' members too. */
function propertiesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(schema.properties ?? {}) : []
  return [...own, ...Object.values(schema).flatMap(propertiesIn)]
}

describe('the page on JSON names every member', () => {
  const { listAnswer, deletedListAnswer, ...whole } = { ...answers, ...rotationAnswers }
  // Pages of lists are put together before they are printed.
  const lists = { list: listAnswer.shape.issuers, deleted: deletedListAnswer.shape.issuers }

  test.each(Object.entries({ ...whole, ...lists }))('of the form %s', (_name, form) => {
    const members = membersOfForm(form)
    expect(members.length).toBeGreaterThan(1)
    expect(unnamed(members)).toEqual([])
  })

  test('of exchange policies', async () => {
    const text = await readFile(new URL('docs/exchange-policy.schema.json', ROOT), 'utf8')
    const members = propertiesIn(JSON.parse(text))
    expect(members).toContain('sourceIdentity')
    expect(unnamed(members)).toEqual([])
  })

  test('of the goldens', async () => {
    const read: string[] = []
    for await (const file of glob('test/golden/cli/*.json', { cwd: ROOT })) {
      read.push(file)
      const text = await readFile(new URL(file, ROOT), 'utf8')
      const golden: unknown = JSON.parse(text.replaceAll('SECONDS', '0'))
      expect(unnamed(membersOf(golden))).toEqual([])
    }
    expect(read.length).toBeGreaterThan(3)
  })
})
