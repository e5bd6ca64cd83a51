import { describe, expect, test } from 'vitest'
import { errorName, Fault } from '../../src/errors.ts'

describe('a fault', () => {
  test('keeps its code, its sentence and its cause', () => {
    const cause = new TypeError('of the service')
    const fault = new Fault('storage_unavailable', 'the store did not answer', { cause })
    expect(fault).toMatchObject({
      name: 'Fault',
      code: 'storage_unavailable',
      message: 'the store did not answer',
      cause,
    })
  })
})

describe('the name of an unknown error', () => {
  test.each(['arn:aws:iam::999988887777:role/x', 'marked words', '', 'x', 'A'.repeat(65)])(
    'is not what a service said in its place: %j',
    (name) => {
      expect(errorName(Object.assign(new Error('marked'), { name }))).toBe('Error')
    },
  )

  test.each([
    ['an error', new RangeError('a secret'), 'RangeError'],
    ['a fault', new Fault('key_unavailable', 'a secret'), 'Fault'],
    ['a string', 'a secret', 'string'],
    ['nothing', undefined, 'undefined'],
  ])('is all that is said of %s', (_title, error, name) => {
    expect(errorName(error)).toBe(name)
  })
})
