/**
 * The demo issuer of a local installation: made on the first start, and shown to work on every one.
 */

import type { ControlClient } from '../host/control-client.ts'
import { HostRefusal } from '../host/control-transport.ts'
import { verifyAsRelyingParty } from '../token/relying-party.ts'

export const DEMO_ID = 'demo'
export const DEMO_AUDIENCE = 'sts.amazonaws.com'
const DEMO_SERVICE_ACCOUNT = { namespace: 'default', name: 'demo' }

export interface Demo {
  readonly issuer: string
  readonly discovery: string
  readonly jwksUri: string
  /** Whether this start made it. */
  readonly created: boolean
  /** The token that was minted and verified on this start; never the token itself. */
  readonly token: {
    readonly sub: string
    readonly aud: string
    readonly alg: string
    readonly kid: string
    readonly expiresIn: number
  }
}

/** Resolves to `null` where the user deleted the demo issuer, which does not come back. */
export async function openDemo(client: ControlClient): Promise<Demo | null> {
  const created = await createDemo(client)
  if (created === undefined) return null
  const minted = await client.mintToken(DEMO_ID, {
    serviceAccount: DEMO_SERVICE_ACCOUNT,
    audience: DEMO_AUDIENCE,
  })
  const { issuer, discovery, jwksUri } = await verifyAsRelyingParty(
    minted.token,
    minted.iss,
    DEMO_AUDIENCE,
  )
  const { sub, alg, kid, expiresIn } = minted
  const token = { sub, aud: DEMO_AUDIENCE, alg, kid, expiresIn }
  return { issuer, discovery, jwksUri, created, token }
}

/** Whether this call made it; `undefined` when it was deleted. */
async function createDemo(client: ControlClient): Promise<boolean | undefined> {
  try {
    await client.createIssuer({ id: DEMO_ID })
    return true
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    if (error.status === 409) return false
    if (error.status === 410) return undefined
    throw error
  }
}
