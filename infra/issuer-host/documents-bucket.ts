/**
 * The bucket of issuer documents: the state of an installation, key rings among it.
 *
 * Who writes an issuer document is the issuer, so nobody writes one without a condition on what was there, nor deletes one,
 * whatever IAM policies of the account say. Earlier versions are kept to restore from, until the bucket's own lifecycle rule,
 * of which no policy is asked, removes them. Nothing in it is public.
 */

import { aws_iam as iam, aws_s3 as s3, Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Construct } from 'constructs'

export interface DocumentsBucketProps {
  readonly deployment: string
  readonly name?: string | undefined
  readonly noncurrentDocumentDays: number
}

export class DocumentsBucket extends Construct {
  readonly bucket: s3.IBucket

  constructor(scope: Construct, id: string, props: DocumentsBucketProps) {
    super(scope, id)
    const { deployment, name, noncurrentDocumentDays } = props
    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...(name !== undefined && { bucketName: name }),
      versioned: true,
      ...PRIVATE_BUCKET,
      lifecycleRules: [
        {
          id: 'earlier-versions',
          noncurrentVersionExpiration: Duration.days(noncurrentDocumentDays),
        },
      ],
      // The class has as undefined what its interface leaves out.
    }) as s3.IBucket
    for (const statement of documentDenials(this.bucket.arnForObjects(`${deployment}/*`))) {
      this.bucket.addToResourcePolicy(statement)
    }
    // It goes on holding where the stack is gone and the bucket is not.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
  }
}

/**
 * SSE-S3 and no key of KMS: documents must be readable while KMS is not. What is secret in them is encrypted by itself.
 */
export const PRIVATE_BUCKET = {
  encryption: s3.BucketEncryption.S3_MANAGED,
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  // A first deployment that fails leaves nothing.
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} as const satisfies s3.BucketProps

function documentDenials(documents: string): iam.PolicyStatement[] {
  const everyone = { effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()] }
  return [
    // Uploads in parts and copies without a condition are put unconditionally too.
    new iam.PolicyStatement({
      ...everyone,
      sid: 'NoUnconditionalPut',
      actions: ['s3:PutObject'],
      resources: [documents],
      conditions: { Null: { 's3:if-match': 'true', 's3:if-none-match': 'true' } },
    }),
    // A replica is written over what is there, and no condition is asked of it.
    new iam.PolicyStatement({
      ...everyone,
      sid: 'NoReplica',
      actions: ['s3:ReplicateObject'],
      resources: [documents],
    }),
    new iam.PolicyStatement({
      ...everyone,
      sid: 'NoDeletion',
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ReplicateDelete'],
      resources: [documents],
    }),
  ]
}
