/**
 * Records of the domain names of a host in the zone that it was given: by IPv4, by IPv6, and `HTTPS`, by which a client
 * learns of HTTP/3 before it connects (RFC 9460).
 */

import {
  type aws_cloudfront as cloudfront,
  aws_route53 as route53,
  aws_route53_targets as targets,
  Token,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'

export interface AliasRecordsProps {
  readonly distribution: cloudfront.IDistribution
  /** Those outside the zone get no record. */
  readonly domainNames: readonly string[]
  readonly hostedZone: route53.IHostedZone
}

/** Throws where no record can be made: names that are known at deployment only, or none of them inside the zone. */
export function aliasRecords(scope: Construct, props: AliasRecordsProps): route53.RecordSet[] {
  const { distribution, domainNames, hostedZone } = props
  const { zoneName } = hostedZone
  if (Token.isUnresolved(domainNames) || domainNames.some((name) => Token.isUnresolved(name))) {
    throw new TypeError(
      'hostedZone takes domain names that are known when the template is made, got a token: make their records elsewhere',
    )
  }
  const inside = domainNames.filter((name) => isInZone(name, zoneName))
  if (inside.length === 0) {
    throw new TypeError(
      `hostedZone must be the zone of at least one domain name (${domainNames.join(', ')}), got ${zoneName}: give theirs, or none`,
    )
  }
  const target = route53.RecordTarget.fromAlias(new targets.CloudFrontTarget(distribution))
  return inside.flatMap((name) => {
    // With its dot at the end, it is taken for complete.
    const record = { zone: hostedZone, recordName: `${name}.`, target }
    return [
      new route53.ARecord(scope, `A-${name}`, record),
      new route53.AaaaRecord(scope, `Aaaa-${name}`, record),
      new route53.HttpsRecord(scope, `Https-${name}`, record),
    ]
  })
}

function isInZone(name: string, zoneName: string): boolean {
  const zone = zoneName.replace(/\.$/, '')
  return name === zone || name.endsWith(`.${zone}`)
}
