import { describe, expect, test } from 'vitest'
import { simulatedDocument } from '../../../../src/cli/commands/simulated-document.ts'
import { keysAnswer, type KeysAnswer } from '../../../../src/cli/host/answers.ts'
import { ringView } from '../../../../src/control/ring-view.ts'
import type { IssuerDocument } from '../../../../src/issuers/issuer-document.ts'
import { simulateRing } from '../../../../src/keyring/simulate-ring.ts'
import { aKey, anAdoptedKey, anIssuer, aRing, NOW } from '../../../support/fixtures.ts'
import { BOUNDS, DAY, POLICY } from '../../../support/rotation-fixtures.ts'

/** As the control API shows it, through the form. */
function shown(document: IssuerDocument): KeysAnswer {
  return keysAnswer.parse(JSON.parse(JSON.stringify(ringView(document, BOUNDS, NOW))))
}

const old = aKey({ kid: 'old', publishedAt: NOW - 9 * DAY, activatesAt: NOW - 8 * DAY })
const { activatesAt: _, ...unproved } = aKey({ kid: 'next', slot: 'b', firstSeenAt: NOW - 60 })
const document = anIssuer({
  policy: POLICY,
  revision: 5,
  ring: aRing({
    keys: [old, { ...unproved, publishedRevision: 4 }],
    adopted: [anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + DAY } })],
  }),
  settling: {
    revision: 4,
    jwksMaxAgeSeconds: 7200,
    tokenTtlMaxSeconds: 3900,
    mintedTtlMaxSeconds: 3900,
  },
})

test('what is shown of a ring is enough for the planner to do with it what it does with the ring', () => {
  const given = simulatedDocument(shown(document))
  expect(given?.bounds).toEqual(BOUNDS)
  const options = { bounds: BOUNDS, from: NOW, until: NOW + 30 * DAY, everySeconds: 900 }
  const simulated = given && simulateRing(given.issuer, options)
  const { moments, rotations } = simulateRing(document, options)
  expect(simulated?.moments).toEqual(moments)
  expect(simulated?.rotations).toBe(rotations)
})

test.each<[string, boolean, IssuerDocument['ring']['former']]>([
  ['a cluster whose keys were dropped', false, [{ kid: 'a', fingerprint: 'a', origin: 'adopted' }]],
  ['nobody yet', true, []],
])(
  'the first own key of an issuer that was known to %s signs at once: %j',
  (_title, atOnce, former) => {
    const without = anIssuer({ policy: POLICY, ring: aRing({ keys: [], former }) })
    const given = simulatedDocument(shown(without))
    const options = { bounds: BOUNDS, from: NOW, until: NOW + DAY, everySeconds: 900 }
    const [made] = given ? simulateRing(given.issuer, options).moments : []
    expect(made).toMatchObject({ what: 'run', action: { type: 'create', signsAtOnce: atOnce } })
  },
)

test('a host that does not say whether an issuer was ever known is believed to have told all', () => {
  const { everPublished: _everPublished, ...older } = shown(document)
  expect(simulatedDocument(older)?.issuer.ring.former).toEqual([])
})

test.each<[string, Partial<KeysAnswer>]>([
  ['policy', { policy: undefined }],
  ['age of its documents', { publication: undefined }],
])('the ring of a host that does not say its %s is not simulated', (_title, members) => {
  expect(simulatedDocument({ ...shown(document), ...members })).toBeUndefined()
})

test('a settled policy is settled, and one that never changed has nothing to settle', () => {
  const settling = { ...document.settling, seenAt: NOW } as IssuerDocument['settling']
  const settled = simulatedDocument(shown({ ...document, ...(settling && { settling }) }))
  expect(settled?.issuer.settling).toEqual(settling)
  const { settling: _settling, ...unchanged } = document
  expect(simulatedDocument(shown(unchanged))?.issuer).not.toHaveProperty('settling')
})

describe('what this version does not know', () => {
  const ring = shown(document)
  const { policy } = ring

  test.each<[string, Partial<KeysAnswer>]>([
    ['algorithm "PS256"', { policy: policy && { ...policy, algorithm: 'PS256' } }],
    ['custody "cloudhsm"', { policy: policy && { ...policy, custody: 'cloudhsm' } }],
  ])('is not simulated: %s', (what, members) => {
    expect(() => simulatedDocument({ ...ring, ...members })).toThrow(
      `the ring has the ${what}, which this command does not know and cannot simulate: upgrade it`,
    )
  })
})
