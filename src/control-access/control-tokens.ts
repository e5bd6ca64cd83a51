/**
 * Tokens of issuers that the deployment trusts for control: verified as subject tokens of an exchange are, for the control
 * API's audience.
 *
 * An issuer of this installation is never one of them: whoever may mint its tokens, or set its policy, would be owner of all.
 */

import type { Clock } from '../clock.ts'
import { type IssuerLocation, locationOf } from '../locations/issuer-location.ts'
import type { Log } from '../log.ts'
import type { KeepAlive } from '../reading/storage-flights.ts'
import type { SubjectVerifier, VerifiedSubject } from '../subject-tokens/subject-verification.ts'
import { type CompiledGrant, compileGrants } from './compile-grants.ts'
import type { AccessRefusal, ControlAccess, VerifiedToken } from './control-access.ts'
import type { ControlGrant } from './control-grant.ts'

export interface ControlTokensOptions {
  readonly grants: readonly ControlGrant[]
  /** Of the installation, without a trailing slash. */
  readonly publicUrl: string
  readonly verifier: SubjectVerifier
  /** The id of the issuer of this installation that has claimed a location, if one has. */
  readonly claimantOf: (location: IssuerLocation) => Promise<string | undefined>
  readonly clock: Clock
  readonly log: Log
}

export interface ControlTokens {
  /** The only audience of a token that is taken. */
  readonly audience: string
  /** `sha256`: of the token. Rejects with faults of storage, and never for what a token is like. */
  judge(token: string, sha256: string, keepAlive?: KeepAlive): Promise<ControlAccess>
}

/** What is presented to an API as a bearer token is an access token, with or without its own `typ`. */
const TOKEN_TYPE = 'access_token'

export function controlTokens(options: ControlTokensOptions): ControlTokens {
  const { publicUrl, verifier, claimantOf, clock } = options
  const audience = `${publicUrl}/control`
  let known: readonly CompiledGrant[] | undefined

  /** Not one promise for all: a runtime may drop work together with the request that began it. */
  async function compiled(): Promise<readonly CompiledGrant[]> {
    if (known !== undefined) return known
    const { grants, problems } = await compileGrants(options.grants)
    if (known === undefined) {
      for (const problem of problems) options.log('error', 'configuration_refused', { problem })
    }
    known ??= grants
    return known
  }

  async function refusalOf(
    verified: VerifiedSubject<CompiledGrant>,
  ): Promise<AccessRefusal | undefined> {
    const { source, claims } = verified
    const location = locationOf(source.issuer.replace(/\/+$/, ''))
    const owner = await claimantOf(location)
    if (owner !== undefined) {
      return {
        reason: 'own_issuer',
        detail: `the issuer of ${source.name} has the URL of issuer ${owner} of this installation, whose tokens open no control: take it out of CONTROL_TRUST`,
      }
    }
    const { name, issuer, condition } = source
    const request = { audience, subjectTokenType: TOKEN_TYPE }
    const evaluated = condition.evaluate({ claims, entry: { name, issuer }, request })
    if (!evaluated.ok) return { reason: 'expression_failed', detail: evaluated.problem }
    return evaluated.value === true ? undefined : { reason: 'condition_not_met' }
  }

  return {
    audience,
    judge: async (token, sha256, keepAlive) => {
      const expected = {
        sources: await compiled(),
        audiences: [audience],
        type: TOKEN_TYPE,
        adopted: [],
        own: new Set<string>(),
        keepAlive,
      } as const
      const verification = await verifier.verify(token, expected, clock.now())
      if (!verification.ok) {
        const { reason, detail } = verification.refusal
        return { token: { sha256 }, refusal: { reason, detail } }
      }
      const { verified } = verification
      const presented = { sha256, verified: factsOf(verified) }
      const refusal = await refusalOf(verified)
      if (refusal !== undefined) return { token: presented, refusal }
      return { token: presented, principal: { kind: 'token', allows: verified.source.allows } }
    },
  }
}

function factsOf(verified: VerifiedSubject<CompiledGrant>): VerifiedToken {
  const { source, subject, audience, jti, kid } = verified
  return { grant: source.name, issuer: source.issuer, subject, audience, jti, kid }
}
