import { describe, expect, test, vi } from 'vitest'
import { keyTable, printKeys, printRing } from '../../../../src/cli/commands/key-report.ts'
import type { KeyAnswer } from '../../../../src/cli/host/answers.ts'
import { adopted, DAY, NOW, own, withdrawn } from './key-answers.ts'

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
  expect(keyTable([successor], NOW)).toMatch(/ {2}not decided {2}to be seen$/)
})

/** Without the local time of moments. */
function cells(keys: readonly KeyAnswer[]): string[][] {
  return keyTable(keys, NOW)
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'MOMENT')
    .split('\n')
    .map((line) => line.split(/ {2,}/))
}

describe('what a rotation decides', () => {
  const { activatesAt: _, ...unproved } = { ...own, status: 'pending' }
  const seen = { ...unproved, firstSeenAt: NOW - 60 }
  const superseded = { supersededAt: NOW + DAY, retiresAt: NOW + 2 * DAY }

  test.each<[string, KeyAnswer, string | undefined, string]>([
    ['not seen', unproved, undefined, 'to be seen'],
    ['seen once', seen, '1 min ago', 'to be seen again'],
    ['confirmed', { ...seen, activatesAt: NOW + 3 * DAY }, '1 min ago', 'signs in 3 d'],
    ['active with a successor', { ...own, ...superseded }, undefined, 'hands over in 1 d'],
    [
      'retiring',
      { ...own, status: 'retiring', supersededAt: NOW - DAY, retiresAt: NOW + DAY },
      undefined,
      'leaves MOMENT (in 1 d)',
    ],
    [
      'retired',
      { ...own, status: 'retired', supersededAt: NOW - DAY, retiresAt: NOW - 60 },
      undefined,
      'left 1 min ago',
    ],
    [
      'revoked',
      { ...own, status: 'revoked', revokedAt: NOW - 60 },
      undefined,
      'revoked MOMENT (1 min ago)',
    ],
  ])('is a column of a key that is %s', (_title, key, firstSeen, next) => {
    const [header = [], row = []] = cells([key])
    expect(row.at(header.indexOf('NEXT'))).toBe(next)
    const shown = header.includes('FIRST SEEN') ? row[header.indexOf('FIRST SEEN')] : undefined
    expect(shown).toBe(firstSeen === undefined ? undefined : `MOMENT (${firstSeen})`)
  })

  test('is said of the keys that have it, beside those that have not', () => {
    const first = { ...own, ...superseded }
    const next = { ...seen, kid: 'next', activatesAt: NOW + DAY }
    const table = keyTable([first, next, { ...unproved, kid: 'late' }, adopted('a')], NOW)
    const [header = '', ...rows] = table.split('\n')
    const at = header.indexOf('FIRST SEEN')
    expect(rows.map((row) => row.slice(at, at + 7).trim())).toEqual(['', '2027-01', 'not yet', ''])
  })
})

function printed(ring: Parameters<typeof printRing>[0]): { data: string[]; notes: string[] } {
  using stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  using stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  printRing(ring, {}, NOW)
  const [data = '', notes = ''] = [stdout, stderr].map(({ mock }) =>
    mock.calls.map(([text]) => String(text)).join(''),
  )
  return { data: data.split('\n'), notes: notes.split('\n') }
}

describe('a whole ring', () => {
  test('of a host that does not rotate is listed too, with what is known', () => {
    const { data, notes } = printed({ id: 'prod', revision: 1, keys: [own] })
    expect(data.map((line) => line.slice(0, 5).trim())).toEqual([
      'prod,',
      '',
      'KID',
      'own',
      '',
      '',
      'own',
      '',
      '',
      '',
      '',
    ])
    expect(notes).toEqual([''])
  })

  test('says on standard error what is kept elsewhere', () => {
    const leftovers = [{ slot: 's', alg: 'RS256', custody: 'kms', forgottenAt: NOW }]
    expect(printed({ id: 'prod', revision: 1, keys: [own], leftovers }).notes[0]).toContain(
      '1 key is kept elsewhere',
    )
  })

  test('cannot steer a terminal', () => {
    const kid = '\u001B[2J'
    const keys = [{ ...own, kid }]
    const { data } = printed({ id: kid, revision: 1, status: kid, keys })
    expect(data.join('\n')).not.toContain('\u001B')
  })
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
