import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { simulationLines } from '../../../../src/cli/commands/simulation-text.ts'
import type { PruneReason } from '../../../../src/keyring/rotation-plan.ts'
import type { ReportedAction } from '../../../../src/keyring/rotation-report.ts'
import type { RingSimulation, SimulatedMoment } from '../../../../src/keyring/simulate-ring.ts'
import type { SimulatedKey } from '../../../../src/keyring/simulated-key.ts'
import { DEFAULT_POLICY } from '../../../../src/issuers/policy.ts'

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000
const DAY = 86_400

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

function lines(members: Partial<RingSimulation>): string[] {
  const simulation = {
    moments: [],
    keys: [],
    rotations: 0,
    publishedMax: 1,
    jwkSetBytesMax: 1234,
    ...members,
  }
  const span = { from: NOW, until: NOW + 100 * DAY, everySeconds: 900 }
  const canvas = { width: 61, ascii: true }
  return simulationLines({ id: 'prod', policy: DEFAULT_POLICY, ...span, simulation }, canvas)
}

function lineOf(moment: SimulatedMoment): string | undefined {
  return lines({ moments: [moment] })[2]
}

const ACTIONS: Readonly<Record<ReportedAction['type'], readonly [ReportedAction, string]>> = {
  create: [
    {
      type: 'create',
      reason: 'bootstrap',
      alg: 'ES256',
      custody: 'kms',
      signsAtOnce: true,
      kid: 'new-1',
    },
    '+ created    new-1       ES256, kms, signs at once',
  ],
  see: [{ type: 'see', kid: 'a', firstSeenAt: NOW }, '. seen       a'],
  confirm: [
    { type: 'confirm', kid: 'a', activatesAt: NOW + DAY },
    '~ confirmed  a           signs from 2027-01-16 08:00:00',
  ],
  reschedule: [
    { type: 'reschedule', kid: 'a', activatesAt: NOW + DAY },
    '~ moved      a           signs from 2027-01-16 08:00:00',
  ],
  prune: [{ type: 'prune', kid: 'a', why: 'replaced' }, '- pruned     a           replaced'],
  settle: [{ type: 'settle', seenAt: NOW }, '~ settled    policy'],
  abandon: [{ type: 'abandon', slot: 's' }, '- gave up    s'],
}

const PRUNED: Readonly<Record<PruneReason, string>> = {
  retired: '- pruned     a',
  revoked: '- pruned     a           revoked',
  replaced: '- pruned     a           replaced',
  unusable: '- pruned     a           unusable',
}

describe('a moment', () => {
  test.each(Object.entries(ACTIONS))('in which a run does %s', (_type, [action, text]) => {
    expect(lineOf({ at: NOW, what: 'run', action })).toBe(`2027-01-15 08:00:00  ${text}`)
  })

  test.each(['retired', 'revoked', 'replaced', 'unusable'] as const)(
    'in which a key is pruned since it is %s',
    (why) => {
      const action = { type: 'prune', kid: 'a', why } as const
      expect(lineOf({ at: NOW, what: 'run', action })).toBe(`2027-01-15 08:00:00  ${PRUNED[why]}`)
    },
  )

  test.each([
    ['signs', '* signs      a'],
    ['retires', 'o retires    a'],
    ['revoked', '! revoked    a'],
  ] as const)('in which a key %s', (what, text) => {
    expect(lineOf({ at: NOW, what, kid: 'a' })).toBe(`2027-01-15 08:00:00  ${text}`)
  })
})

describe('the bars', () => {
  const key: SimulatedKey = {
    kid: 'a',
    alg: 'RS256',
    custody: 'sealed',
    publishedAt: NOW,
    activatesAt: NOW + 40 * DAY,
  }

  test('end where a key left the ring before it signed', () => {
    const shown = lines({ keys: [key, { ...key, kid: 'b', prunedAt: NOW + 20 * DAY }] })
    expect(shown.slice(4, 6).map((line) => line.slice(3))).toEqual([
      `${'.'.repeat(23)}${'#'.repeat(35)}`,
      '.'.repeat(12),
    ])
  })

  test('end where a key left the JWK Set, which is before it left the ring', () => {
    const moments = { supersededAt: NOW + 60 * DAY, retiresAt: NOW + 80 * DAY }
    const [, , , , bar = ''] = lines({ keys: [{ ...key, ...moments, prunedAt: NOW + 81 * DAY }] })
    expect(bar.trim()).toMatch(/^a {2}\.{23}#{12}={11,12}$/)
  })

  test('are of the first keys of many', () => {
    const keys = Array.from({ length: 62 }, (_, index) => ({ ...key, kid: `new-${index}` }))
    const shown = lines({ keys })
    expect(shown.filter((line) => line.startsWith('new-'))).toHaveLength(60)
    expect(shown).toContain('and 2 more keys')
  })
})

test.each([
  [1, 1, '1 rotation, at most 1 key published at once, a JWK Set of at most some 1.2 kB'],
  [4, 3, '4 rotations, at most 3 keys published at once, a JWK Set of at most some 1.2 kB'],
])('%i rotations and %i keys are the totals', (rotations, publishedMax, text) => {
  expect(lines({ rotations, publishedMax }).at(-1)).toBe(text)
})
