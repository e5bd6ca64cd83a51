/**
 * The demo issuer of a local installation: made on the first start, and shown to work on every one.
 */

import type { ControlClient } from '../host/control-client.ts'
import { HostRefusal } from '../host/control-transport.ts'
import type { LocalKms } from '../state/local-kms.ts'
import { verifyAsRelyingParty } from '../token/relying-party.ts'
import { keyFailure, signatureFailure, tokenFailure } from './demo-failure.ts'

export const DEMO_ID = 'demo'
export const DEMO_AUDIENCE = 'sts.amazonaws.com'
const DEMO_SERVICE_ACCOUNT = { namespace: 'default', name: 'demo' }

export interface Demo {
  readonly issuer: string
  readonly discovery: string
  readonly jwksUri: string
  readonly custody: string
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

/** Resolves to `null` where the user deleted the demo issuer, which does not come back. `kms`: that of this start. */
export async function openDemo(
  client: ControlClient,
  kms: LocalKms | undefined,
): Promise<Demo | null> {
  const opened = await openIssuer(client).catch(failing((cause) => keyFailure(cause, kms)))
  if (opened === undefined) return null
  const { custody, created } = opened
  const keys = { custody, kms }
  const minted = await client
    .mintToken(DEMO_ID, { serviceAccount: DEMO_SERVICE_ACCOUNT, audience: DEMO_AUDIENCE })
    .catch(failing((cause) => tokenFailure(cause, keys)))
  const { issuer, discovery, jwksUri } = await verifyAsRelyingParty(
    minted.token,
    minted.iss,
    DEMO_AUDIENCE,
  ).catch(failing((cause) => signatureFailure(cause, keys)))
  const { sub, alg, kid, expiresIn } = minted
  const token = { sub, aud: DEMO_AUDIENCE, alg, kid, expiresIn }
  return { issuer, discovery, jwksUri, custody, created, token }
}

/** Rejects with what `failureOf` makes of what was caught. */
function failing(failureOf: (cause: unknown) => unknown): (cause: unknown) => never {
  return (cause) => {
    throw failureOf(cause)
  }
}

interface OpenedIssuer {
  readonly custody: string
  /** Whether this call made it. */
  readonly created: boolean
}

/** `undefined` when it was deleted. */
async function openIssuer(client: ControlClient): Promise<OpenedIssuer | undefined> {
  try {
    const { policy } = await client.createIssuer({ id: DEMO_ID })
    return { custody: policy.custody, created: true }
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    if (error.status === 409) return openExisting(client)
    if (error.status === 410) return undefined
    throw error
  }
}

/** With the key that an earlier start could not have made. */
async function openExisting(client: ControlClient): Promise<OpenedIssuer> {
  const { keys, policy } = await client.readIssuer(DEMO_ID)
  if (keys.length === 0) await client.updateIssuer(DEMO_ID, { policy: {} })
  return { custody: policy.custody, created: false }
}
