/**
 * The measure: an object of S3 read with nothing around the SDK, whose client is loaded by the first call. Its options are
 * those of Signet's client (`src/adapters/aws/s3-calls.ts`).
 */

async function load() {
  const { S3Client, GetObjectCommand } = await import('@aws-sdk/client-s3')
  const client = new S3Client({
    region: process.env['AWS_REGION'] ?? '',
    maxAttempts: 3,
    requestHandler: { requestTimeout: 1200, throwOnRequestTimeout: true },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return { client, GetObjectCommand }
}

let loading: ReturnType<typeof load> | undefined

/** What the bench reads of an issuer's document. */
export interface BareIssuer {
  readonly issuer: string
  readonly revision: number
  readonly policy: { readonly jwksMaxAgeSeconds: number }
  readonly ring: { readonly keys: readonly BareKey[] }
}

interface BareKey {
  readonly kid: string
  readonly alg: string
  readonly keyRef: string
  readonly publicJwk: { readonly kty: string }
}

export async function readIssuer(id: string): Promise<BareIssuer> {
  const { client, GetObjectCommand } = await (loading ??= load())
  const key = `${process.env['DEPLOYMENT']}/issuers/${id}`
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket: process.env['DOCUMENTS_BUCKET'], Key: key }),
  )
  return JSON.parse((await Body?.transformToString()) ?? '') as BareIssuer
}
