import { describe, expect, test } from 'vitest'
import { locationAt } from '../../../src/locations/issuer-location.ts'
import { vacantLocations } from '../../../src/reading/vacant-locations.ts'

const [A, B, C] = [locationAt('a', ''), locationAt('b', ''), locationAt('c', '')]

describe('vacant locations', () => {
  test('are vacant until their moment', () => {
    const vacant = vacantLocations()
    expect(vacant.has(A, -1)).toBe(false)
    vacant.add(A, 100)
    expect([vacant.has(A, 99), vacant.has(A, 100), vacant.has(B, 0)]).toEqual([true, false, false])
  })

  test('are not once they are deleted', () => {
    const vacant = vacantLocations()
    vacant.add(A, 100)
    vacant.delete(A)
    expect(vacant.has(A, 0)).toBe(false)
  })

  test('are bounded: the one that was added first is forgotten', () => {
    const vacant = vacantLocations(2)
    for (const location of [A, B, A, C]) vacant.add(location, 100)
    expect([vacant.has(A, 0), vacant.has(B, 0), vacant.has(C, 0)]).toEqual([true, false, true])
  })
})
