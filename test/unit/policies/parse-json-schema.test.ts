import { expect, test } from 'vitest'
import { exchangePolicyJsonSchema } from '../../../src/policies/policy-json-schema.ts'

/** Every schema in a schema that is of a member or of what stands in a list, with its place. */
function membersOf(schema: object, place: string): [string, Record<string, unknown>][] {
  return Object.entries(schema).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null) return []
    const isMember = place.endsWith('properties')
    const here: [string, Record<string, unknown>][] = isMember
      ? [[`${place}.${name}`, value as Record<string, unknown>]]
      : []
    return [...here, ...membersOf(value as object, `${place}.${name}`)]
  })
}

test('the published JSON Schema is the one that policies are checked by (vitest run -u writes it anew)', async () => {
  const text = `${JSON.stringify(exchangePolicyJsonSchema(), undefined, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../../docs/exchange-policy.schema.json')
})

test('every member says what it is, but for those that are true alone, and the lists of keys', () => {
  const silent = membersOf(exchangePolicyJsonSchema(), '')
    .filter(([, schema]) => schema['description'] === undefined)
    .map(([place]) => place.split('.').at(-1))
  expect(silent).toEqual(['discovery', 'keys', 'adopted'])
})
