/**
 * What Signet's functions on AWS work with: S3, KMS and Lambda as fakes, and behind the last the function that makes keys.
 */

import type { KmsKeyManagersOptions } from '../../../src/adapters/signers/kms-key-managers.ts'
import { kmsOverSdk } from '../../../src/adapters/aws/kms-sdk.ts'
import { retryingKms } from '../../../src/adapters/aws/retrying-kms.ts'
import { type Deadline, timerDeadline } from '../../../src/deadline.ts'
import { issuerKey } from '../../../src/issuers/issuer-repository.ts'
import type { DocumentStore } from '../../../src/storage/document-store.ts'
import { FAKE_REGION, type KmsFake, startKmsFake } from '../aws/kms-fake.ts'
import { FAKE_CREDENTIALS, newWrappingKey, SIGNERS } from '../aws/kms-managers.ts'
import { type LambdaFake, startLambdaFake } from '../aws/lambda-fake.ts'
import { type S3Fake, startS3Fake } from '../aws/s3-fake.ts'
import { storeOver } from '../aws/s3-stores.ts'
import { type HostTraits, NO_DOCUMENT } from './test-host.ts'

export interface LambdaServices {
  readonly s3: S3Fake
  readonly kms: KmsFake
  /** Where the rotating function is invoked. */
  readonly lambda: LambdaFake
  /** The documents, as functions have them. */
  readonly documents: DocumentStore
  readonly keys: KmsKeyManagersOptions
  /** What makes keys, as schedules invoke it. */
  readonly rotating: RotatingFunction
  /** A document becomes something that is none. */
  breakDocument(id: string): Promise<void>
  close(): Promise<void>
}

export interface RotatingFunction {
  /** Rejects when the function does. */
  invoke(event: unknown): Promise<unknown>
  logLines(): readonly string[]
  close(): Promise<void>
}

export interface LambdaServicesOptions {
  /** Starts the function that makes keys. */
  readonly rotating: (
    services: Pick<LambdaServices, 's3' | 'kms' | 'documents' | 'keys'>,
  ) => Promise<RotatingFunction>
  /** Of calls. Default: on the runtime's clock. */
  readonly deadlines?: Readonly<Record<'s3' | 'kms', Deadline>>
}

export const LAMBDA_DEPLOYMENT = 'test'
export const ROTATE_FUNCTION = 'signet-rotate'

/** Of the control function: keys are made by another one, after the document was written. */
export const LAMBDA_TRAITS: HostTraits = {
  custodies: ['kms', 'kms-wrapped', 'none'],
  revisionWhenNew: 3,
  unauthorized: { status: 403, error: 'access_denied', challenge: undefined },
  pathEscapes: 'kept',
  // AWS names every host.
  ipv6Hosts: 'refused',
  subjectIssuersHere: 'refused',
  foreignHosts: 'own issuers',
  standsBefore: 'nothing',
}

const NO_PAUSE = async (): Promise<void> => {}

export async function startLambdaServices({
  rotating: startRotating,
  deadlines = { s3: timerDeadline, kms: timerDeadline },
}: LambdaServicesOptions): Promise<LambdaServices> {
  const [s3, kms] = await Promise.all([startS3Fake(), startKmsFake()])
  const documents = storeOver(s3, { prefix: `${LAMBDA_DEPLOYMENT}/`, deadline: deadlines.s3 })
  const api = kmsOverSdk({
    region: FAKE_REGION,
    endpoint: kms.url,
    credentials: FAKE_CREDENTIALS,
  })
  const keys: KmsKeyManagersOptions = {
    kms: retryingKms(api, { deadline: deadlines.kms, pause: NO_PAUSE }),
    deployment: LAMBDA_DEPLOYMENT,
    signers: SIGNERS,
    wrappingKey: await newWrappingKey(kms.url),
    defaultCustody: 'kms',
  }
  const rotating = await startRotating({ s3, kms, documents, keys })
  const lambda = await startLambdaFake({
    functionName: ROTATE_FUNCTION,
    run: (event) => rotating.invoke(event),
  })
  return {
    s3,
    kms,
    lambda,
    documents,
    keys,
    rotating,
    breakDocument: async (id) => {
      const { etag } = (await documents.get(issuerKey(id))) ?? { etag: '' }
      await documents.put(issuerKey(id), NO_DOCUMENT, { ifMatch: etag })
    },
    close: async () => {
      await Promise.all([s3.close(), kms.close(), lambda.close(), rotating.close()])
    },
  }
}
