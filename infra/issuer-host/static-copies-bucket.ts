/**
 * The bucket of static copies: public documents as objects, for the CDN to fall back to.
 *
 * A bucket of its own, since the CDN may read all of it and no reference to a key may ever be where the CDN reads. Who may
 * read it is granted by the distribution. Who writes a JWK Set here is the issuer as long as CloudFront falls back to it, so
 * nobody but `rotate` writes, whatever IAM policies of the account say. Every copy can be made anew: whoever is allowed to
 * may delete, and versions are not kept.
 */

import { aws_iam as iam, aws_s3 as s3 } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { PRIVATE_BUCKET } from './documents-bucket.ts'

export interface StaticCopiesBucketProps {
  readonly name?: string | undefined
  /** Of the function `rotate`. */
  readonly writerRoleArn: string
}

export class StaticCopiesBucket extends Construct {
  readonly bucket: s3.IBucket

  constructor(scope: Construct, id: string, { name, writerRoleArn }: StaticCopiesBucketProps) {
    super(scope, id)
    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...(name !== undefined && { bucketName: name }),
      ...PRIVATE_BUCKET,
      // The class has as undefined what its interface leaves out.
    }) as s3.IBucket
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'RotateAloneWrites',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject', 's3:ReplicateObject', 's3:RestoreObject'],
        resources: [this.bucket.arnForObjects('*')],
        // Of a session it is the ARN of its role. It is missing where a service calls, and then this holds.
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': writerRoleArn } },
      }),
    )
  }
}
