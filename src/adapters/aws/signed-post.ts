/**
 * One signed POST to a service of AWS and its answer, by web APIs alone: for hosts on which the SDK's clients do not belong,
 * and for calls that are not worth one.
 */

import { AwsV4Signer } from 'aws4fetch'
import { boundedText } from '../../bounded-body.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface SignedPostOptions {
  readonly service: string
  readonly region: string
  readonly credentials: AwsCredentials
  /** More than that of an answer is not read. */
  readonly answerBytesMax: number
  /** @default that of the runtime */
  readonly fetch?: typeof fetch | undefined
}

export interface SignedPostRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

export interface AwsAnswer {
  readonly status: number
  readonly headers: Headers
  /** `undefined` where it is longer than what is read. */
  readonly text: string | undefined
}

/** The credentials cannot be used; nothing was sent. */
export class UnusableCredentials extends Error {
  override readonly name = 'CredentialsError'
}

/**
 * Redirects are answers. Rejects with `UnusableCredentials`, or with what `fetch` throws, which may name what was sent: for
 * whoever maps it, and for nobody to show.
 */
export type SignedPost = (request: SignedPostRequest) => Promise<AwsAnswer>

export function signedPost(options: SignedPostOptions): SignedPost {
  const { service, region, credentials, answerBytesMax, fetch: given } = options
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const known = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  }
  // Looked up at each call, and called without a receiver, as Workers demand it.
  const send: typeof fetch = given ?? ((...parameters) => fetch(...parameters))
  // The signing keys of each day, which cost four hashes.
  const cache = new Map<string, ArrayBuffer>()

  return async ({ url, headers, body, signal }) => {
    const request = { method: 'POST', url, headers: { ...headers }, body, allHeaders: true }
    const signed = await signedHeaders({ ...known, ...request, service, region, cache })
    const { method } = request
    const answer = await send(url, { method, headers: signed, body, signal, redirect: 'manual' })
    const text = await boundedText(answer, answerBytesMax)
    return { status: answer.status, headers: answer.headers, text }
  }
}

type Signing = ConstructorParameters<typeof AwsV4Signer>[0]

async function signedHeaders(signing: Signing): Promise<Headers> {
  try {
    const { headers } = await new AwsV4Signer(signing).sign()
    return headers
  } catch {
    // Only what came from outside can be wrong here: credentials that no header can hold.
    throw new UnusableCredentials('credentials that no header can hold')
  }
}
