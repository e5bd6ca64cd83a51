/**
 * Verifying with what a test does not name left as it should be: the outcome in a word.
 */

import type { KeySetAnswer, RemoteIssuer } from '../../../src/subject-tokens/key-sets.ts'
import type {
  SubjectExpectations,
  SubjectVerification,
} from '../../../src/subject-tokens/subject-verification.ts'
import type { VerificationKey } from '../../../src/subject-tokens/verification-key.ts'
import type {
  SourceKeys,
  VerificationSource,
} from '../../../src/subject-tokens/verification-source.ts'
import { subjectVerifier } from '../../../src/subject-tokens/verify-subject-token.ts'
import { NOW } from '../../support/fixtures.ts'
import { SUBJECT_AUDIENCE, SUBJECT_ISSUER } from '../../support/subject-tokens.ts'

export const TOKEN_ENDPOINT = `${SUBJECT_AUDIENCE}/token`

export function aSource(
  keys: SourceKeys,
  changes: Partial<VerificationSource> = {},
): VerificationSource {
  return {
    name: 'source',
    issuer: SUBJECT_ISSUER,
    keys,
    algorithms: ['ES256'],
    audience: undefined,
    maxAgeSeconds: 7200,
    ...changes,
  }
}

export function inline(...keys: readonly VerificationKey[]): SourceKeys {
  return { type: 'jwks', keys }
}

export const ADOPTED: SourceKeys = { type: 'adopted' }
export const DISCOVERY: SourceKeys = { type: 'discovery', jwksHost: undefined }

export interface Attempt extends Partial<SubjectExpectations<VerificationSource>> {
  readonly now?: number
  /** What remote key sets answer; by default there are none. */
  readonly answer?: (issuer: RemoteIssuer, kid: string) => KeySetAnswer
}

export interface Attempted {
  readonly verification: SubjectVerification<VerificationSource>
  /** Which remote key sets were asked for. */
  readonly asked: readonly (readonly [RemoteIssuer, string])[]
}

export async function attempt(
  token: string,
  { now = NOW, answer, ...expected }: Attempt,
): Promise<Attempted> {
  const asked: (readonly [RemoteIssuer, string])[] = []
  const verifier = subjectVerifier({
    remote: {
      keysOf: async (issuer, kid) => {
        asked.push([issuer, kid])
        return answer?.(issuer, kid) ?? { ok: true, keys: [] }
      },
    },
  })
  const verification = await verifier.verify(
    token,
    {
      sources: [],
      audiences: [SUBJECT_AUDIENCE, TOKEN_ENDPOINT],
      type: 'jwt',
      adopted: [],
      own: new Set(),
      ...expected,
    },
    now,
  )
  return { verification, asked }
}

/** `ok` and the name of the source, or the reason of the refusal. */
export async function outcomeOf(token: string, expected: Attempt): Promise<string> {
  const { verification } = await attempt(token, expected)
  return verification.ok ? `ok ${verification.verified.source.name}` : verification.refusal.reason
}
