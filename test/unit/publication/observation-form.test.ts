import { describe, expect, test } from 'vitest'
import type { Observation } from '../../../src/publication/observation.ts'
import {
  formOf,
  observationForm,
  observationOf,
} from '../../../src/publication/observation-form.ts'
import { EC_KEY, EC_MEMBER, RSA_KEY, RSA_MEMBER } from './public-documents.ts'

/** Each problem as its place and its message; none where the form is taken. */
function problemsOf(body: unknown): string[] {
  const parsed = observationForm.safeParse(body)
  if (parsed.success) return []
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const VERSION =
  'ringVersion: must be the Signet-Ring-Version that came with the JWK Set, a whole number of at least 1'
const KEYS = 'jwks.keys: must be a list of at most 200 JWKs'

const manyKeys = (count: number) => Array.from({ length: count }, () => EC_MEMBER)
const FORM = { ringVersion: 7, jwks: { keys: [RSA_MEMBER, EC_MEMBER] } }

describe('a form that is taken', () => {
  test.each([
    ['a set as it was fetched', FORM],
    ['a set without keys', { ringVersion: 1, jwks: { keys: [] } }],
    ['as many keys as AWS takes', { ringVersion: 1, jwks: { keys: manyKeys(200) } }],
    ['a JWK that is of no use', { ringVersion: 1, jwks: { keys: [{}] } }],
  ])('%s', (_title, body) => {
    expect(problemsOf(body)).toEqual([])
  })
})

describe('a form that is refused', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['no object', null, [': must be a JSON object']],
    ['a list', [FORM], [': must be a JSON object']],
    ['no version', { jwks: FORM.jwks }, [VERSION]],
    ['version 0', { ...FORM, ringVersion: 0 }, [VERSION]],
    ['half a version', { ...FORM, ringVersion: 1.5 }, [VERSION]],
    ['a version as text', { ...FORM, ringVersion: '7' }, [VERSION]],
    ['a version that no number holds exactly', { ...FORM, ringVersion: 2 ** 53 }, [VERSION]],
    ['a moment of its own', { ...FORM, at: 1 }, [': known are ringVersion, jwks']],
    ['no set', { ringVersion: 7 }, ['jwks: must be a JSON object']],
    ['a set that is a list', { ...FORM, jwks: [] }, ['jwks: must be a JSON object']],
    ['a set with more', { ...FORM, jwks: { keys: [], kty: 'RSA' } }, ['jwks: known is keys']],
    ['a set without keys', { ...FORM, jwks: {} }, [KEYS]],
    ['keys that are no list', { ...FORM, jwks: { keys: {} } }, [KEYS]],
    ['one key too many', { ...FORM, jwks: { keys: manyKeys(201) } }, [KEYS]],
    [
      'keys that are none',
      { ...FORM, jwks: { keys: [RSA_MEMBER, null, 'key', []] } },
      [1, 2, 3].map((at) => `jwks.keys.${at}: must be a JWK, which is a JSON object`),
    ],
  ])('%s', (_title, body, problems) => {
    expect(problemsOf(body)).toEqual(problems)
  })
})

describe('the observation of a form', () => {
  test('is of the moment at which the host was told', () => {
    const observation = observationOf(observationForm.parse(FORM), 1_800_000_000)
    expect(observation).toEqual({ at: 1_800_000_000, ringVersion: 7, keys: [RSA_KEY, EC_KEY] })
  })

  test('has the usable keys alone, and nothing private', () => {
    const keys = [{ ...EC_MEMBER, d: 'marked-secret' }, { ...RSA_MEMBER, use: 'enc' }, {}]
    const observation = observationOf(observationForm.parse({ ringVersion: 7, jwks: { keys } }), 1)
    expect(observation.keys).toEqual([EC_KEY])
    expect(JSON.stringify(observation)).not.toContain('marked-secret')
  })

  test('is what was observed elsewhere, but for its moment', () => {
    const seen: Observation = { at: 5, ringVersion: 7, keys: [EC_KEY, RSA_KEY] }
    const sent: unknown = JSON.parse(JSON.stringify(formOf(seen)))
    expect(observationOf(observationForm.parse(sent), 9)).toEqual({ ...seen, at: 9 })
  })
})
