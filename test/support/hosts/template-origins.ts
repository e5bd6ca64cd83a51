/**
 * S3 as an origin of the distribution: its requests are signed in the name of the distribution, or come from nobody.
 */

import { createHash } from 'node:crypto'
import { FAKE_REGION } from '../aws/kms-fake-answers.ts'
import type { S3Fake } from '../aws/s3-fake.ts'
import type { OriginRequest } from './cloudfront.ts'
import type { EdgeOrigin } from './cloudfront-config.ts'
import { DISTRIBUTION_ACCESS_KEY } from './template-iam.ts'
import { answerHeaders, type TestResponse } from './test-host.ts'

const NO_BODY_SHA256 = createHash('sha256').digest('hex')
/** S3 sends these with every object; the fake has the others. */
const UNSENT = ['content-length', 'accept-ranges', 'last-modified', 'server']

export async function askS3(
  s3: Pick<S3Fake, 'url'>,
  origin: EdgeOrigin,
  request: OriginRequest,
): Promise<TestResponse> {
  const { method, rawPath } = request
  // S3 user guide, "Using CORS": a bucket without a configuration refuses every preflight.
  if (method === 'OPTIONS') return { status: 403, headers: {}, body: '' }
  const bucket = origin.domain.split('.')[0] ?? ''
  const credential = `${origin.signedFor === 's3' ? DISTRIBUTION_ACCESS_KEY : 'nobody'}/20270115/${FAKE_REGION}/s3/aws4_request`
  const response = await fetch(new URL(`/${bucket}${rawPath}`, s3.url), {
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=marked`,
      'x-amz-content-sha256': NO_BODY_SHA256,
    },
  })
  const headers = [...response.headers].filter(([name]) => !UNSENT.includes(name))
  const body = await response.text()
  // HEAD is judged as GET is, and has no body.
  return {
    status: response.status,
    headers: answerHeaders(headers),
    body: method === 'HEAD' ? '' : body,
  }
}
