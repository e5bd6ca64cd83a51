import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import type { PolicyEntry } from '../../../src/policies/exchange-policy.ts'
import { compileSentences, policyEntries, policyEntry } from '../../support/policy-entries.ts'
import { newSubjectKey } from '../../support/subject-tokens.ts'

const key = newSubjectKey('ES256')
const other = newSubjectKey('ES256')
const jwks = (...keys: JsonObject[]): PolicyEntry['keys'] => ({ jwks: { keys } })

const discovered: PolicyEntry['keys'] = { discovery: true }
const shared = (place: number, name: string) =>
  `entries.${place}.issuer must not be that of entry "${name}" too, since one of them discovers its keys, and whoever serves those could serve the other's: make them one and tell its tokens apart in condition, or write all keys down`

describe('entries beside each other', () => {
  test('have different names', async () => {
    await expect(
      compileSentences([
        ...policyEntries(['eu', 'us']),
        ...policyEntries(['eu'], { issuer: 'https://x.example' }),
      ]),
    ).resolves.toEqual(['entries.2.name must be a name that no other entry has, got "eu" again'])
  })

  test.each<[title: string, keys: PolicyEntry['keys'][], problems: string[]]>([
    ['both by discovery', [discovered, discovered], [shared(1, 'e0')]],
    ['the first by discovery', [discovered, jwks(key.jwk)], [shared(1, 'e0')]],
    ['the second by discovery', [jwks(key.jwk), discovered], [shared(1, 'e0')]],
    [
      'one of three by discovery',
      [jwks(key.jwk), discovered, jwks(other.jwk)],
      [shared(1, 'e0'), shared(2, 'e1')],
    ],
    ['none by discovery', [jwks(key.jwk), jwks(other.jwk)], []],
  ])('of one issuer: %s', async (_title, keys, problems) => {
    const names = keys.map((_, index) => `e${index}`)
    const entries = policyEntries(names, { issuer: 'https://x.example' })
    const changed = entries.map((entry, index) => ({ ...entry, keys: keys[index] ?? discovered }))
    await expect(compileSentences(changed)).resolves.toEqual(problems)
  })

  test('do not share a key, whatever it is called and whoever its issuer is', async () => {
    const [eu, us, ap] = policyEntries(['eu', 'us', 'ap'])
    const entries = [
      { ...eu, keys: jwks(key.jwk) },
      { ...us, keys: jwks(other.jwk) },
      { ...ap, keys: jwks(newSubjectKey().jwk, { ...key.jwk, kid: 'x', alg: 'ES256' }) },
    ] as PolicyEntry[]
    await expect(compileSentences(entries)).resolves.toEqual([
      'entries.2.keys.jwks.keys.1 is a key of entry "eu" too, and the key selects the entry: leave it out of one of them',
    ])
  })

  test('leave adopted keys to themselves', async () => {
    const [eu, us] = policyEntries(['eu', 'us'])
    const problems = await compileSentences([
      { ...eu, keys: { adopted: true } },
      us,
    ] as PolicyEntry[])
    expect(problems).toEqual([
      'entries.0.keys must not be adopted beside other entries, got 2 entries: an adopted key speaks for its whole issuer, so an issuer with adopted keys trusts no other; give the others an issuer of their own',
    ])
  })

  test('are not two of adopted keys', async () => {
    await expect(
      compileSentences(policyEntries(['eu', 'us'], { keys: { adopted: true } })),
    ).resolves.toHaveLength(2)
  })

  test.each<[string, string, boolean]>([
    ['the name and a colon', '"eu:job"', true],
    ['the name and a slash', '"eu/job"', true],
    ['the name alone', '"eu"', false],
    ['the beginning of a longer name', '"eu-west:job"', false],
    ['the name in capitals', '"EU:job"', false],
    ['another name', '"us:job"', false],
    ['the name elsewhere', '"x:eu:job"', false],
    ['the name as it is called, and a colon', 'entry.name + ":" + claims.sub', true],
    ['the name as it is called, and a slash', 'entry.name + ("/job/" + claims.sub)', true],
    ['either of them', 'claims.a ? entry.name + ":a" : entry.name + "/b"', true],
    ['the name as it is called, and nothing', 'entry.name + claims.sub', false],
    ['the name as it is called, elsewhere', '"x:" + entry.name + ":" + claims.sub', false],
    ['the name on one side alone', 'claims.a ? entry.name + ":a" : claims.sub', false],
    ['what only a token decides', 'claims.sub', false],
    ['the name written out before a claim', '"eu:" + claims.sub', false],
  ])('have subjects of their own: %s', async (_title, subject, isTaken) => {
    const entries = policyEntries(['eu', 'us'])
    const [eu, us] = entries as [PolicyEntry, PolicyEntry]
    const problems = await compileSentences([us, { ...eu, token: { ...eu.token, subject } }])
    expect(problems).toEqual(
      isTaken
        ? []
        : [
            'entries.1.token.subject must begin with entry.name + ":" or entry.name + "/", since the policy has 2 entries: write entry.name + ":" + …',
          ],
    )
  })

  test('are not asked for a name in sub where there is one', async () => {
    for (const subject of ['"job"', 'claims.sub']) {
      const problems = await compileSentences([policyEntry({ token: { subject } })])
      expect(problems).toEqual([])
    }
  })
})
