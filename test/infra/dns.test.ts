import {
  App,
  aws_cloudfront as cloudfront,
  aws_route53 as route53,
  CfnParameter,
  Stack,
} from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, test } from 'vitest'
import { aliasRecords } from '../../infra/issuer-host/dns.ts'

interface RecordProperties {
  readonly Name: string
  readonly Type: string
}

function recordsOf(
  domainNames: (stack: Stack) => readonly string[],
  zoneName = 'signet.internal',
): RecordProperties[] {
  const stack = new Stack(new App(), 'Test', {
    env: { region: 'eu-central-1', account: '111122223333' },
  })
  const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0000000000000',
    zoneName,
  })
  const distribution = cloudfront.Distribution.fromDistributionAttributes(stack, 'Cdn', {
    distributionId: 'E1',
    domainName: 'd1.cloudfront.net',
  })
  aliasRecords(stack, { distribution, domainNames: domainNames(stack), hostedZone })
  const found = Template.fromStack(stack).findResources('AWS::Route53::RecordSet')
  return Object.values(found).map(({ Properties }) => Properties as RecordProperties)
}

function namesOf(domainNames: readonly string[], zoneName?: string): string[] {
  return recordsOf(() => domainNames, zoneName)
    .filter(({ Type }) => Type === 'A')
    .map(({ Name }) => Name)
}

// The CDK loads what it is made of when it is first asked for, which takes longer than any test.
beforeAll(() => void recordsOf(() => ['oidc.signet.internal']))

describe('records of a host', () => {
  test('are A, AAAA and HTTPS aliases of the distribution', () => {
    const records = recordsOf(() => ['oidc.signet.internal'])
    expect(records.map(({ Type }) => Type)).toStrictEqual(['A', 'AAAA', 'HTTPS'])
    for (const record of records) {
      expect(record).toMatchObject({
        Name: 'oidc.signet.internal.',
        HostedZoneId: 'Z0000000000000',
        AliasTarget: { DNSName: 'd1.cloudfront.net' },
      })
    }
  })

  test.each<[title: string, names: string[], zone: string, expected: string[]]>([
    ['the zone itself', ['signet.internal'], 'signet.internal', ['signet.internal.']],
    ['deep inside', ['a.b.signet.internal'], 'signet.internal', ['a.b.signet.internal.']],
    ['a zone with its dot', ['a.signet.internal'], 'signet.internal.', ['a.signet.internal.']],
    [
      'one inside and others outside',
      ['a.signet.internal', 'a.other.internal', 'notsignet.internal', 'internal'],
      'signet.internal',
      ['a.signet.internal.'],
    ],
    [
      'two',
      ['a.signet.internal', 'b.signet.internal'],
      'signet.internal',
      ['a.signet.internal.', 'b.signet.internal.'],
    ],
  ])('are made for %s', (_title, names, zone, expected) => {
    expect(namesOf(names, zone)).toStrictEqual(expected)
  })

  test('are refused where none can be made', () => {
    expect(() => namesOf(['a.other.internal'])).toThrow(
      'hostedZone must be the zone of at least one domain name (a.other.internal), got signet.internal: give theirs, or none',
    )
  })

  test.each<[title: string, names: (stack: Stack) => readonly string[]]>([
    [
      'a list',
      (stack) => new CfnParameter(stack, 'Names', { type: 'CommaDelimitedList' }).valueAsList,
    ],
    ['a name', (stack) => ['a.signet.internal', new CfnParameter(stack, 'Name').valueAsString]],
  ])('are refused for %s that is known at deployment only', (_title, names) => {
    expect(() => recordsOf(names)).toThrow(
      'hostedZone takes domain names that are known when the template is made, got a token',
    )
  })
})
