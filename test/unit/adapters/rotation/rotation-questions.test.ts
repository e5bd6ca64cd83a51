import { describe, expect, test } from 'vitest'
import {
  parseQuestion,
  publishQuestion,
  rotationQuestion,
  sweepQuestion,
} from '../../../../src/adapters/rotation/rotation-messages.ts'
import type { RotationOptions, SweepOptions } from '../../../../src/keyring/rotation.ts'
import type { Observation } from '../../../../src/publication/observation.ts'
import { NOW } from '../../../support/fixtures.ts'
import { ARRIVED, rotating } from './rotating.ts'

const OBSERVATION: Observation = {
  at: NOW,
  ringVersion: 7,
  keys: [
    { kid: 'kid-a', alg: 'ES256', publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } },
    { kid: 'kid-b', alg: 'RS256', publicJwk: { kty: 'RSA', n: 'n', e: 'AQAB' } },
  ],
}

const observed = (members: object) => ({
  version: 1,
  issuer: 'prod',
  observation: { ringVersion: 7, jwks: { keys: [] }, ...members },
})

describe('a question', () => {
  test.each<[RotationOptions | undefined, string]>([
    [undefined, '{"version":1,"issuer":"prod"}'],
    [{}, '{"version":1,"issuer":"prod"}'],
    [{ dryRun: true }, '{"version":1,"issuer":"prod","dryRun":true}'],
    [
      { observation: { at: NOW, ringVersion: 7, keys: [] } },
      '{"version":1,"issuer":"prod","observation":{"ringVersion":7,"jwks":{"keys":[]}}}',
    ],
  ])('of a rotation is the issuer, and how it is asked for: %j', (options, expected) => {
    expect(rotationQuestion('prod', options)).toBe(expected)
  })

  test.each<[SweepOptions | undefined, string]>([
    [undefined, '{"version":1,"sweep":"prod"}'],
    [
      { dryRun: true, windowDays: 7, takeBack: 'slot-a' },
      '{"version":1,"sweep":"prod","dryRun":true,"windowDays":7,"takeBack":"slot-a"}',
    ],
  ])('of a sweep likewise: %j', (options, expected) => {
    expect(sweepQuestion('prod', options)).toBe(expected)
  })

  test.each<[string, RotationOptions]>([
    ['nothing else', {}],
    ['a dry run', { dryRun: true }],
    ['no dry run', { dryRun: false }],
  ])('of a rotation arrives with %s', async (_title, options) => {
    const { asked, logged, answer } = rotating()
    await answer(rotationQuestion('prod', options))
    expect(asked).toEqual([['run', 'prod', options]])
    expect(logged).toEqual([])
  })

  test.each([NOW, 0, 9e15])(
    'of a rotation arrives with what was seen elsewhere, as of now: %d',
    async (at) => {
      const { asked, answer } = rotating()
      await answer(rotationQuestion('prod', { observation: { ...OBSERVATION, at } }))
      const observation = { ...OBSERVATION, at: ARRIVED }
      expect(asked).toEqual([['run', 'prod', { observation }]])
    },
  )

  test.each<[string, SweepOptions]>([
    ['nothing else', {}],
    ['everything', { dryRun: true, windowDays: 30, takeBack: 'slot-a' }],
  ])('of a sweep arrives with %s', async (_title, options) => {
    const { asked, answer } = rotating()
    await answer(sweepQuestion('prod', options))
    expect(asked).toEqual([['sweep', 'prod', options]])
  })

  test('of copies is the issuer, and arrives', async () => {
    expect(publishQuestion('prod')).toBe('{"version":1,"publish":"prod"}')
    const { asked, answer } = rotating()
    expect(await answer(publishQuestion('prod'))).toBe('{"status":"done"}')
    expect(asked).toEqual([['publish', 'prod']])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', rotationQuestion('prod')],
    ['a list', [{ version: 1, issuer: 'prod' }]],
    ['no version', { issuer: 'prod' }],
    ['another version', { version: 2, issuer: 'prod' }],
    ['a version as text', { version: '1', issuer: 'prod' }],
    ['no issuer', { version: 1 }],
    ['an issuer that is no id', { version: 1, issuer: 'Marked/../x' }],
    ['an issuer that is no text', { version: 1, issuer: ['prod'] }],
    ['a path of the host as issuer', { version: 1, issuer: 'control' }],
    ['a word more', { version: 1, issuer: 'prod', action: 'destroy' }],
    ['a window for a rotation', { version: 1, issuer: 'prod', windowDays: 7 }],
    ['a rotation and a sweep', { version: 1, issuer: 'prod', sweep: 'prod' }],
    ['a dry run that is no boolean', { version: 1, issuer: 'prod', dryRun: 'yes' }],
    ['an observation of a moment', observed({ at: NOW })],
    ['an observation of all time', observed({ at: 9e15 })],
    ['an observation of no moment', observed({ at: 0 })],
    ['an observation without a version', observed({ ringVersion: undefined })],
    ['an observation without keys', observed({ jwks: {} })],
    ['an observation with a word more', observed({ seen: true })],
    ['a sweep of no id', { version: 1, sweep: '../x' }],
    ['a window of six days', { version: 1, sweep: 'prod', windowDays: 6 }],
    ['a window of 31 days', { version: 1, sweep: 'prod', windowDays: 31 }],
    ['half a day', { version: 1, sweep: 'prod', windowDays: 7.5 }],
    ['a slot without a name', { version: 1, sweep: 'prod', takeBack: '' }],
    ['a slot that is no text', { version: 1, sweep: 'prod', takeBack: 1 }],
    ['an observation for a sweep', { ...observed({}), issuer: undefined, sweep: 'prod' }],
    ['copies of no id', { version: 1, publish: '../x' }],
    ['a rotation and copies', { version: 1, issuer: 'prod', publish: 'prod' }],
    ['a sweep and copies', { version: 1, sweep: 'prod', publish: 'prod' }],
    ['a dry run of copies', { version: 1, publish: 'prod', dryRun: true }],
    ['an event of HTTP', { version: '2.0', rawPath: '/', issuer: 'prod' }],
  ])('is not %s', (_, event) => {
    expect(parseQuestion(event)).toBeUndefined()
  })
})
