/**
 * What a release says of itself: the commands by which it is deployed.
 */

/** `wrangler`: the version that the Worker was tried with. */
export function releaseReadme(version: string, wrangler: string): string {
  return `Signet ${version}

Everything that is deployed, as files. Check them first:

  sha256sum -c SHA256SUMS

To AWS, with a bucket of yours in the region of the stack (functions and template go through it), and a certificate of your
host name in us-east-1:

  aws s3 cp functions/ s3://BUCKET/signet/ --recursive
  aws cloudformation deploy --stack-name signet --template-file signet-aws.template.json --s3-bucket BUCKET \\
    --capabilities CAPABILITY_IAM --parameter-overrides DomainNames=oidc.your-domain CertificateArn=ARN CodeBucket=BUCKET
  aws cloudformation update-termination-protection --stack-name signet --enable-termination-protection

Then make DNS records of the host name to the output DistributionDomain. The other parameters are described in the template.

To upgrade, repeat these commands but for the last with the files of the next release, its check among them. Parameters that
are left out keep their values, and the new archives stand beside the old ones.

To Cloudflare, after PUBLIC_URL and the route of env.production in worker/wrangler.toml are those of your host name, and its
secrets are set (worker/.dev.vars.example says which):

  cd worker
  npx wrangler@${wrangler} deploy --env production

To upgrade, put these values into worker/wrangler.toml of the next release and repeat the last command.
`
}
