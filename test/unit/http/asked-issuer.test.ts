import { describe, expect, test } from 'vitest'
import { askedIssuer } from '../../../src/http/asked-issuer.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import { locationAt } from '../../../src/locations/issuer-location.ts'
import { anIssuer, NOW } from '../../support/fixtures.ts'

const HERE = locationAt('one.example.com', '/prod')
const ELSEWHERE = locationAt('oidc.example.com', '/prod')
const COPY = publicCopyOf(anIssuer())
const keepAlive = () => {}

/** Has the issuer at one place, and notes where it was asked. */
function readerOf(place: string) {
  const asked: string[] = []
  return {
    asked,
    read: async (location: string, options?: { readonly keepAlive?: unknown }) => {
      asked.push(`${location}${options?.keepAlive === keepAlive ? ' kept alive' : ''}`)
      return location === place ? { copy: COPY, confirmedAt: NOW } : undefined
    },
    readFromMemory: (location: string, now: number) => {
      asked.push(`${location} at ${now}`)
      return location === place ? COPY : undefined
    },
  }
}

describe.each<[where: string, place: string, found: boolean, asked: readonly string[]]>([
  ['where it is meant', HERE, true, [HERE]],
  ['elsewhere', ELSEWHERE, true, [HERE, ELSEWHERE]],
  ['nowhere', 'nowhere', false, [HERE, ELSEWHERE]],
])('an issuer that is %s', (_where, place, found, asked) => {
  const expected = found ? COPY : undefined

  test('is read', async () => {
    const reader = readerOf(place)
    const clock = { now: () => NOW }
    const issuer = askedIssuer({ reader, clock }, { meant: HERE, elsewhere: ELSEWHERE }, keepAlive)
    expect(await issuer.read()).toBe(expected)
    expect(reader.asked).toStrictEqual(asked.map((location) => `${location} kept alive`))
  })

  test('is looked for in memory', () => {
    const reader = readerOf(place)
    const clock = { now: () => NOW }
    const issuer = askedIssuer({ reader, clock }, { meant: HERE, elsewhere: ELSEWHERE }, keepAlive)
    expect(issuer.readFromMemory()).toBe(expected)
    expect(reader.asked).toStrictEqual(asked.map((location) => `${location} at ${NOW}`))
  })
})

test('an issuer is looked for elsewhere only where there is such a place', async () => {
  const reader = readerOf(ELSEWHERE)
  const clock = { now: () => NOW }
  const issuer = askedIssuer({ reader, clock }, { meant: HERE, elsewhere: undefined }, keepAlive)
  expect([await issuer.read(), issuer.readFromMemory()]).toStrictEqual([undefined, undefined])
  expect(reader.asked).toStrictEqual([`${HERE} kept alive`, `${HERE} at ${NOW}`])
})
