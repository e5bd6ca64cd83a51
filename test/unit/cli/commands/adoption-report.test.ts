import { describe, expect, test } from 'vitest'
import { adoptionReport } from '../../../../src/cli/commands/adoption-report.ts'
import type { KeyAnswer, KeysAnswer } from '../../../../src/cli/host/answers.ts'
import { adopted, DAY, NOW, own, withdrawn } from './key-answers.ts'

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
