import { describe, expect, test } from 'vitest'
import {
  type AdoptedKeyStatus,
  adoptedKeyStatus,
  isPublishedAdoptedKey,
} from '../../../src/keyring/adopted-status.ts'
import { anAdoptedKey, NOW } from '../../support/fixtures.ts'

const PRESENT = anAdoptedKey()
const WITHDRAWN = anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW + 100 } })
const DROPPED = anAdoptedKey({ withdrawal: { at: NOW, publishedUntil: NOW } })

describe('the status of an adopted key', () => {
  test.each<[string, typeof PRESENT, number, AdoptedKeyStatus]>([
    ["in its cluster's set", PRESENT, NOW, 'adopted'],
    ['in its set for ever', PRESENT, NOW + 1e9, 'adopted'],
    ['in its set also where the clock is behind', PRESENT, NOW - 1, 'adopted'],
    ['withdrawn as soon as it is said', WITHDRAWN, NOW, 'withdrawn'],
    ['withdrawn also where the clock is behind', WITHDRAWN, NOW - 1, 'withdrawn'],
    ['withdrawn to the last second', WITHDRAWN, NOW + 99, 'withdrawn'],
    ['retired from then on', WITHDRAWN, NOW + 100, 'retired'],
    ['retired at once when it is dropped', DROPPED, NOW, 'retired'],
  ])('%s', (_title, key, now, status) => {
    expect(adoptedKeyStatus(key, now)).toBe(status)
    expect(isPublishedAdoptedKey(key, now)).toBe(status !== 'retired')
  })
})
