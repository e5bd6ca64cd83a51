/**
 * Worlds that differ in one thing, and what is issued in them.
 */

import { expect } from 'vitest'
import type { CompiledEntry } from '../../../src/policies/compiled-policy.ts'
import { anIssuer } from '../../support/fixtures.ts'
import { subjectClaims } from '../../support/subject-tokens.ts'
import { aCopy, anEntry, SUBJECT_KEY, type World, type WorldOptions } from './exchange-world.ts'

const claimsOf = (token: unknown): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >

export async function issuedClaims(
  world: World,
  changes: Parameters<World['ask']>[0] = {},
): Promise<Readonly<Record<string, unknown>>> {
  const response = await world.ask(changes)
  const body = (await response.json()) as Record<string, unknown>
  expect(response.status, `answered ${JSON.stringify(body)}`).toBe(200)
  return { ...claimsOf(body['access_token']), expires_in: body['expires_in'] }
}

export const ofEntries = (...entries: CompiledEntry[]): WorldOptions => ({
  copies: [aCopy({ policy: { entries } })],
})
export const withToken = (token: Partial<CompiledEntry['token']>) => ofEntries(anEntry({ token }))
export const ofIssuer = (changes: Parameters<typeof anIssuer>[0]): WorldOptions => ({
  copies: [aCopy({ stored: anIssuer(changes) })],
})
export const signed = (changes: Parameters<typeof subjectClaims>[0]) => ({
  subject_token: SUBJECT_KEY.sign(subjectClaims(changes)),
})
