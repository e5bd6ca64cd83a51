import { describe, expect, test } from 'vitest'
import { parsePolicySource } from '../../../src/cli/policy/policy-source.ts'
import { policyYaml } from '../../../src/cli/policy/policy-yaml.ts'
import { isPrintable } from '../../../src/printable.ts'
import { policyEntry } from '../../support/policy-entries.ts'

function readBack(text: string): unknown {
  const read = parsePolicySource(text, 'policy.yaml')
  return read.ok ? read.source.json : read.problems
}

describe('a policy as YAML reads back as it was', () => {
  test.each([
    ['a plain one', 'claims.sub == "a"'],
    ['a long one', Array.from({ length: 40 }, (_, index) => `claims.x${index} == ''`).join(' && ')],
    ['one of several lines', 'claims.sub == "a" &&\n  claims.x == "b"\n'],
    ['one with spaces at the ends of lines', ' claims.sub ==  \n "a" \n\n'],
    ['one that looks like something else', 'true'],
    ['one with line separators', '"\u2028" == "\u2029"\n'],
    ['one that steers terminals', '"\u202e\u001b[2J\u0085\u{e0041}\ud800" == "\n"'],
  ])('%s', (_title, condition) => {
    const policy = {
      entries: [policyEntry({ condition, token: { tags: { [condition]: '"x"' } } })],
    }
    const text = policyYaml(policy)
    expect(readBack(text)).toEqual(policy)
    expect(isPrintable(text.replaceAll('\n', ''))).toBe(true)
    expect(text).not.toMatch(/\n$/)
  })

  test('one without entries', () => {
    expect(policyYaml({ entries: [] })).toBe('entries: []')
  })

  test('plainly where it can be', () => {
    const text = policyYaml({ entries: [policyEntry({ condition: 'has(claims.sub)' })] })
    expect(text.split('\n').slice(0, 2)).toEqual(['entries:', '  - name: prod'])
    expect(text).not.toContain('"')
  })
})
