import { describe, expect, test, vi } from 'vitest'
import { adoptionReport, keyTable, printKeys } from '../../../../src/cli/commands/key-report.ts'
import type { KeyAnswer, KeysAnswer } from '../../../../src/cli/host/answers.ts'

const NOW = 1_800_000_000
const DAY = 86_400

function adopted(kid: string): KeyAnswer {
  return {
    origin: 'adopted',
    kid,
    alg: 'RS256',
    status: 'adopted',
    publishedAt: NOW - 60,
    fingerprint: 'f',
  }
}

function withdrawn(kid: string, publishedUntil: number): KeyAnswer {
  const status = publishedUntil > NOW ? 'withdrawn' : 'retired'
  return { ...adopted(kid), status, withdrawal: { at: NOW - 60, publishedUntil } } as KeyAnswer
}

const own: KeyAnswer = {
  origin: 'own',
  kid: 'own',
  alg: 'ES256',
  status: 'active',
  publishedAt: NOW - 60,
  custody: 'sealed',
  activatesAt: NOW - 120,
}

function ring(revision: number, ...keys: KeyAnswer[]): KeysAnswer {
  return { id: 'prod', revision, keys }
}

/** Moments without their local time. */
function report(before: KeyAnswer[], after: KeyAnswer[]): string[] {
  return adoptionReport(ring(1, ...before), ring(2, ...after), NOW).map((sentence) =>
    sentence.replaceAll(/\d{4}-\S+ \S+ \(([^)]*)\)/g, '$1'),
  )
}

describe('what an adoption did', () => {
  test.each<[string, KeyAnswer[], KeyAnswer[], string[]]>([
    ['one new key', [], [adopted('a')], ['Adopted for prod: 1 key (1 new).']],
    [
      'beside an own key, which is no part of it',
      [own],
      [own, adopted('a'), adopted('b')],
      ['Adopted for prod: 2 keys (2 new).'],
    ],
    [
      'one new, one as before',
      [adopted('a')],
      [adopted('a'), adopted('b')],
      ['Adopted for prod: 2 keys (1 new, 1 as before).'],
    ],
    [
      'one back from withdrawal',
      [withdrawn('a', NOW + DAY)],
      [adopted('a')],
      ['Adopted for prod: 1 key (1 back in the set).'],
    ],
    [
      'one withdrawn',
      [adopted('a'), adopted('b')],
      [withdrawn('a', NOW + DAY), adopted('b')],
      [
        'Adopted for prod: 1 key (1 as before).',
        'Withdrawn, since not in the set: a; published until in 1 d.',
      ],
    ],
    [
      'one withdrawn, while one that was withdrawn before stays so',
      [adopted('a'), withdrawn('b', NOW + 60), adopted('c')],
      [withdrawn('a', NOW + DAY), withdrawn('b', NOW + 60), adopted('c')],
      [
        'Adopted for prod: 1 key (1 as before).',
        'Withdrawn, since not in the set: a; published until in 1 d.',
      ],
    ],
    [
      'one that was withdrawn before leaves earlier',
      [adopted('a'), withdrawn('b', NOW + DAY)],
      [adopted('a'), withdrawn('b', NOW + 60)],
      [
        'Adopted for prod: 1 key (1 as before).',
        'Withdrawn, since not in the set: b; published until in 1 min.',
      ],
    ],
    [
      'two dropped, of which one was withdrawn before',
      [adopted('a'), withdrawn('b', NOW + DAY), adopted('c')],
      [adopted('c')],
      ['Adopted for prod: 1 key (1 as before).', 'Dropped, published no longer: a, b.'],
    ],
    [
      'one that was retired is swept out, which nobody sees',
      [withdrawn('a', NOW - 1)],
      [adopted('b')],
      ['Adopted for prod: 1 key (1 new).'],
    ],
    [
      'an empty set',
      [own, adopted('a')],
      [own, withdrawn('a', NOW + DAY)],
      [
        'Adopted for prod: an empty set.',
        'Withdrawn, since not in the set: a; published until in 1 d.',
      ],
    ],
    [
      'more than a sentence holds',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(adopted),
      [adopted('h')],
      [
        'Adopted for prod: 1 key (1 new).',
        'Dropped, published no longer: a, b, c, d, e, and 2 more.',
      ],
    ],
  ])('%s', (_title, before, after, sentences) => {
    expect(report(before, after)).toEqual(sentences)
  })

  test.each([
    [[own, adopted('a'), withdrawn('b', NOW + DAY)], '1 key'],
    [[adopted('a'), adopted('b')], '2 keys'],
    [[own], '0 keys'],
  ])('nothing, at the same revision', (keys, count) => {
    const same = ring(1, ...keys)
    expect(adoptionReport(same, same, NOW)).toEqual([
      `Nothing to change: prod publishes this set already (${count}).`,
    ])
  })
})

test('the table tells whose a key is, until when it is published, and that an adopted one never signs', () => {
  const keys = [own, adopted('a'), withdrawn('b', NOW + DAY), withdrawn('c', NOW - 60)]
  const [header = '', ...rows] = keyTable(keys, NOW)
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'MOMENT')
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(header).toEqual(['KID', 'ALG', 'CUSTODY', 'STATUS', 'PUBLISHED', 'SIGNS FROM'])
  const [before, cluster, never] = ['MOMENT (1 min ago)', 'its cluster', 'never here']
  expect(rows).toEqual([
    ['own', 'ES256', 'sealed', 'active', before, before],
    ['a', 'RS256', cluster, 'adopted', before, never],
    ['b', 'RS256', cluster, 'withdrawn', 'until MOMENT (in 1 d)', never],
    ['c', 'RS256', cluster, 'retired', `until ${before}`, never],
  ])
})

test('a key whose first signature is not decided is not given a moment', () => {
  const { activatesAt: _, ...successor } = { ...own, status: 'pending' }
  expect(keyTable([successor], NOW)).toMatch(/ {2}not decided$/)
})

describe('an issuer without keys', () => {
  const durations = {
    rotationPeriodSeconds: 1,
    propagationDelaySeconds: 1,
    tokenTtlMaxSeconds: 1,
    jwksMaxAgeSeconds: 1,
  }
  const reseal =
    'It has no key yet, so nothing of it is served: npx signet issuer update prod --reseal'
  const adopt =
    'It publishes no key yet: kubectl get --raw /openid/v1/jwks | npx signet keys adopt prod -'

  test.each([
    ['kms', reseal],
    ['sealed', reseal],
    ['none', adopt],
    [undefined, adopt],
  ])('of custody %s is told what to do', (custody, hint) => {
    using stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    using stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const policy = custody && { policy: { algorithm: 'ES256', custody, ...durations } }
    printKeys({ id: 'prod', keys: [], ...policy }, { state: 'my state' }, NOW)
    expect(stdout).not.toHaveBeenCalled()
    expect(stderr.mock.calls).toEqual([[`${hint} --state 'my state'\n`]])
  })
})
