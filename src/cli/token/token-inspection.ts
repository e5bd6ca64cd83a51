/**
 * What a token says, and whether its issuer stands by it.
 */

import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose'
import { systemClock } from '../../clock.ts'
import { usageError } from '../exit.ts'
import { formatMoment } from '../moments.ts'
import { fields, styled } from '../output.ts'
import { TokenRefusal, verifyAsRelyingParty } from './relying-party.ts'

const TIME_CLAIMS: ReadonlySet<string> = new Set(['iat', 'nbf', 'exp'])

export interface Inspection {
  /** Whether a relying party takes it; `null` when nobody asked. */
  readonly verified: boolean | null
  /** What was verified, why it was refused, or that nobody asked. */
  readonly verdict: string
  readonly header: ProtectedHeaderParameters
  readonly claims: JWTPayload
}

export interface InspectionOptions {
  readonly verify?: true
  readonly audience?: string
}

export async function inspectToken(token: string, options: InspectionOptions): Promise<Inspection> {
  const { header, claims } = decode(token)
  if (!options.verify) {
    return { verified: null, verdict: 'not asked for: give --verify', header, claims }
  }
  try {
    await verifyAsRelyingParty(token, String(claims.iss), options.audience)
  } catch (error) {
    if (!(error instanceof TokenRefusal)) throw error
    return { verified: false, verdict: error.message, header, claims }
  }
  const audience = options.audience === undefined ? 'aud not compared: give --audience' : 'aud'
  return {
    verified: true,
    verdict: `discovery → JWK Set → signature, iss, exp, ${audience}`,
    header,
    claims,
  }
}

function decode(token: string): Pick<Inspection, 'header' | 'claims'> {
  try {
    const decoded = { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
    // What is nested too deep to be written cannot be shown either.
    JSON.stringify(decoded)
    return decoded
  } catch (cause) {
    throw usageError(
      'this is no token: its header or claims are not JSON objects of a sane depth',
      { cause },
    )
  }
}

/** The verdict stands first and apart: nothing that a token says can look like it. */
export function describeToken({ verified, verdict, header, claims }: Inspection): string {
  const word = verified === null ? 'unknown' : verified ? 'yes' : 'no'
  const sections = [
    ['header', header],
    ['claims', claims],
  ] as const
  return [
    `${styled('bold', 'verified')}  ${fields([[word, verdict]])}`,
    ...sections.map(([title, members]) => `${styled('bold', title)}\n${indented(members)}`),
  ].join('\n\n')
}

function indented(members: object): string {
  const now = systemClock.now()
  const entries = Object.entries(members).map(
    ([name, value]) => [`  ${name}`, shown(name, value, now)] as const,
  )
  return fields(entries)
}

function shown(name: string, value: unknown, now: number): string {
  if (TIME_CLAIMS.has(name) && Number.isSafeInteger(value)) {
    return `${String(value)}  ${formatMoment(Number(value), now)}`
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
