/**
 * Arbitrary scripts of what storage does with the public copy of one issuer, and of who reads it.
 */

import * as fc from 'fast-check'
import { type PublicCopy, publicCopyOf } from '../../src/issuers/issuer-document.ts'
import { DEFAULT_POLICY } from '../../src/issuers/policy.ts'
import { LAST_GOOD_SECONDS, MEMORY_COPY_SECONDS, RETRY_AFTER_SECONDS } from '../../src/limits.ts'
import { anAdoptedKey, anIssuer, aRing, aTombstone, NOW } from './fixtures.ts'
import { CLUSTER_KEYS } from './property-keys.ts'

export const ISSUER = 'http://127.0.0.1:8787/prod'

const ANSWERS = ['newest', 'older', 'missing', 'fault', 'error', 'corrupt'] as const
export type Answer = (typeof ANSWERS)[number]

export interface Behaviour {
  readonly answer: Answer
  readonly when: 'at once' | 'late' | 'never'
}

export type StorageStep = { readonly wait: number } &
  /** `isOvertaken`: while it is under way, the oldest answer that is comes, and somebody else reads. */
  (
    | {
        readonly type: 'read'
        readonly behaviour: Behaviour
        readonly readers: number
        readonly isOvertaken: boolean
      }
    /** The issuer changes, and storage has it. */
    | { readonly type: 'publish' }
    /** One of the answers that are under way comes. */
    | { readonly type: 'arrive'; readonly which: number }
    /** This instance is told that it changed the issuer itself. */
    | { readonly type: 'refresh' }
  )

/** Around each of the moments at which something ends, back a little, and anywhere. */
const MOMENTS = [RETRY_AFTER_SECONDS, MEMORY_COPY_SECONDS, LAST_GOOD_SECONDS]
const LAST_GOOD_END = MEMORY_COPY_SECONDS + LAST_GOOD_SECONDS
const wait = fc.oneof(
  fc.constantFrom(-2, 0, 1, ...MOMENTS.flatMap((seconds) => [seconds - 1, seconds, seconds + 1])),
  fc.constantFrom(LAST_GOOD_END - RETRY_AFTER_SECONDS, LAST_GOOD_END - 1, LAST_GOOD_END),
  fc.nat({ max: 2 * MEMORY_COPY_SECONDS }),
)
const behaviour = fc.record({
  answer: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ANSWERS.slice(0, 2)) },
    { weight: 2, arbitrary: fc.constantFrom(...ANSWERS.slice(2)) },
  ),
  when: fc.oneof(
    { weight: 4, arbitrary: fc.constant('at once' as const) },
    { weight: 2, arbitrary: fc.constant('late' as const) },
    { weight: 1, arbitrary: fc.constant('never' as const) },
  ),
})
const stepOf = (isOvertaken: fc.Arbitrary<boolean>): fc.Arbitrary<StorageStep> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        wait,
        type: fc.constant('read' as const),
        behaviour,
        readers: fc.integer({ min: 1, max: 3 }),
        isOvertaken,
      }),
    },
    { weight: 3, arbitrary: fc.record({ wait, type: fc.constant('publish' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        wait,
        type: fc.constant('arrive' as const),
        which: fc.nat({ max: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ wait, type: fc.constant('refresh' as const) }) },
  )

type Content = 'keys' | 'nothing' | 'a key that leaves'
const REVISIONS = 8

export interface StorageScript {
  /** What each revision of the issuer publishes, from the first on. */
  readonly contents: readonly Content[]
  /** Whether the third revision is a tombstone, which is the last. */
  readonly isDeleted: boolean
  readonly steps: readonly StorageStep[]
}

/** A publish-only issuer: keys that stay, keys that leave at some moment, or none yet. */
function copyOf(content: Content, index: number): PublicCopy {
  const key = CLUSTER_KEYS[index % CLUSTER_KEYS.length]
  const stays = anAdoptedKey({
    kid: `kid-${index}`,
    ...key,
    alg: index % 4 === 0 ? 'RS256' : 'ES256',
  })
  const leaves = { ...stays, withdrawal: { at: NOW, publishedUntil: NOW + 40 * index } }
  const adopted = { keys: [stays], nothing: [], 'a key that leaves': [leaves] }[content]
  return publicCopyOf(
    anIssuer({
      issuer: ISSUER,
      revision: index + 1,
      policy: { ...DEFAULT_POLICY, custody: 'none' },
      ring: aRing({ keys: [], adopted }),
    }),
  )
}

const content = fc.constantFrom<Content>('keys', 'keys', 'nothing', 'a key that leaves')

const scriptOf = (step: fc.Arbitrary<StorageStep>): fc.Arbitrary<StorageScript> =>
  fc.record({
    contents: fc.array(content, { minLength: REVISIONS, maxLength: REVISIONS }),
    isDeleted: fc.boolean(),
    steps: fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }),
  })

export const anyScript = scriptOf(stepOf(fc.constant(false)))
/** Earlier answers come while later ones are waited for. */
export const anyScriptOutOfOrder = scriptOf(stepOf(fc.boolean()))

/** The issuer's public copies, by revision, from 1 on. */
export function copiesOf({ contents, isDeleted }: StorageScript): PublicCopy[] {
  const live = contents.map(copyOf)
  if (!isDeleted) return live
  return [...live.slice(0, 2), publicCopyOf(aTombstone({ issuer: ISSUER, revision: 3 }))]
}
