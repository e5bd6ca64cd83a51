/**
 * AWS credentials, as a signature over the request (Signature Version 4).
 */

import { createHash } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import type { AwsCredentialSource } from './aws-credentials.ts'
import { gatewayRefusal } from './gateway-refusals.ts'
import type { RequestAuthorizer } from './request-authorizer.ts'
import type { SigV4Scope } from './sigv4-scope.ts'

export interface SigV4AuthorizerOptions {
  /** Of the installation, for messages. */
  readonly url: string
  readonly scope: SigV4Scope
  readonly credentials: AwsCredentialSource
}

export function sigV4Authorizer({
  url,
  scope,
  credentials,
}: SigV4AuthorizerOptions): RequestAuthorizer {
  return {
    authorize: async (request) => {
      const { accessKeyId, secretAccessKey, sessionToken } = await credentials()
      const signer = new AwsV4Signer({
        method: request.method,
        url: request.url,
        headers: {
          ...request.headers,
          // Some of what stands before a function takes the hash from here alone. It is signed.
          'X-Amz-Content-Sha256': sha256Hex(request.body ?? ''),
        },
        // Content-Type too, which the signer leaves out by itself.
        allHeaders: true,
        ...scope,
        accessKeyId,
        secretAccessKey,
        ...(sessionToken ? { sessionToken } : {}),
      })
      return (await signer.sign()).headers
    },
    refusal: (answer) => gatewayRefusal(url, scope, answer),
    whatToCheck: '--url, with its stage if it has one',
  }
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
