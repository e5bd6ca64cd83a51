import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideExchange } from '../../src/policies/decide-exchange.ts'
import { compiledEntry, policyEntry } from '../support/policy-entries.ts'

const STS = 'sts.amazonaws.com'
const GOOGLE = '//iam.googleapis.com/projects/1'
const ENTRY = policyEntry({
  condition: 'claims.let',
  token: {
    subject: 'claims.sub',
    tags: { team: 'claims.team' },
    sourceIdentity: 'claims.id',
    audiences: [STS, GOOGLE],
  },
})

/** Texts that are mostly good, and some values that are none. */
function texts(charsMax: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.string({
        unit: fc.constantFrom('a', 'Z', '0', '@', '-', '_', '.', '='),
        maxLength: 6,
      }),
    },
    fc.string({
      unit: fc.constantFrom('a', ':', ' ', '[', 'é', '\u{2028}', '\n', '\u{1f600}', '\u{d800}'),
      maxLength: 3,
    }),
    fc.nat({ max: charsMax + 2 }).map((length) => 'j'.repeat(length)),
    fc.constantFrom('prod:job', 'prod/job', 'prod-eu:job', 'prod:'.padEnd(69, 'é')),
    fc.jsonValue({ maxDepth: 1 }),
  )
}

const cases = fc.record({
  claims: fc.record({
    let: fc.oneof({ weight: 8, arbitrary: fc.constant<unknown>(true) }, fc.jsonValue()),
    sub: texts(600),
    team: texts(256),
    id: texts(64),
  }),
  audience: fc.constantFrom(STS, STS, GOOGLE, 'x'),
  entryCount: fc.constantFrom(1, 1, 2, 200),
})
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

/** Whether the entry issues, said once more: without regard to how it is done, or which reason comes first. */
function mayIssue({ claims, audience, entryCount }: Case): boolean {
  return (
    claims.let === true &&
    [STS, GOOGLE].includes(audience) &&
    isSubject(claims.sub, audience === GOOGLE, entryCount > 1) &&
    isMadeOf(claims.team, /[\p{L}\p{Zs}\p{N}_.:/=+\-@]/u, [0, 256]) &&
    isMadeOf(claims.id, /[A-Za-z0-9_+=,.@-]/, [2, 64])
  )
}

function isSubject(sub: unknown, isForGoogle: boolean, needsName: boolean): boolean {
  if (typeof sub !== 'string' || sub.trim() !== sub) return false
  if (isForGoogle && Buffer.byteLength(sub) > 127) return false
  if (needsName && !/^prod[:/]/.test(sub)) return false
  return isMadeOf(sub, /[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u, [1, 600])
}

function isMadeOf(text: unknown, character: RegExp, [min, max]: [number, number]): boolean {
  if (typeof text !== 'string' || text.length < min || text.length > max) return false
  return Array.from(text).every((each) => character.test(each))
}

test('an entry decides as a plain reading of it does, and issues what the claims say, whole', async () => {
  const entry = await compiledEntry([ENTRY])
  const seen = { issued: 0, refused: 0 }
  fc.assert(
    fc.property(cases, (its) => {
      const { claims, audience, entryCount } = its
      const decision = decideExchange(entry, {
        claims,
        request: { audience, subjectTokenType: 'x' },
        entryCount,
        isOwnUrl: () => false,
      })
      seen[decision.ok ? 'issued' : 'refused'] += 1
      expect(decision.ok && decision.token).toEqual(
        mayIssue(its) && {
          subject: claims.sub,
          audience,
          claims: {
            'https://aws.amazon.com/tags': { principal_tags: { team: [claims.team] } },
            'https://aws.amazon.com/source_identity': claims.id,
          },
          ttl: undefined,
          mayOutliveSubject: false,
        },
      )
    }),
    { numRuns: 2000 },
  )
  expect(Object.values(seen).every((count) => count > 0)).toBe(true)
})
