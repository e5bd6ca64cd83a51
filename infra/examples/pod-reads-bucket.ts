/**
 * An example: a pod reads one bucket, with nothing but its service account.
 *
 * For an account of its own, without the stack of the issuer host. Put your issuer's URL and your pod's service account in, and
 * deploy it by `npx cdk deploy --app 'node infra/examples/pod-reads-bucket.ts'`.
 */

import { App, aws_s3 as s3, CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { SignetIamTrust } from '../iam-trust/iam-trust.ts'

/** Your issuer's: the host of the placeholder is nobody's. */
const ISSUER_URL = 'https://oidc.example.com/prod'
const PLACEHOLDER_HOST = 'oidc.example.com'

export interface PodReadsBucketProps extends StackProps {
  /** @default that of this file */
  readonly issuerUrl?: string
}

export class PodReadsBucket extends Stack {
  constructor(scope: Construct, id: string, props: PodReadsBucketProps = {}) {
    const { issuerUrl = ISSUER_URL, ...stackProps } = props
    super(scope, id, stackProps)
    const bucket = new s3.Bucket(this, 'Reports', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const trust = new SignetIamTrust(this, 'Trust', { issuerUrl })
    const role = trust.role('Reader', {
      serviceAccounts: [{ namespace: 'reports', name: 'reader' }],
      description: 'Reads reports, for pods of the service account reader',
    })
    bucket.grantRead(role)
    // For the pod's environment: AWS_ROLE_ARN.
    new CfnOutput(this, 'RoleArn', { value: role.roleArn })
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName })
  }
}

function main(): void {
  if (new URL(ISSUER_URL).hostname === PLACEHOLDER_HOST) {
    process.exitCode = 1
    process.stderr.write(
      'infra/examples/pod-reads-bucket.ts: ISSUER_URL is still the placeholder: set it to the URL of your issuer\n',
    )
    return
  }
  const app = new App()
  new PodReadsBucket(app, 'PodReadsBucket')
  app.synth()
}

if (import.meta.main) main()
