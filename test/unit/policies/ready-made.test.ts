import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import {
  decisionOn,
  FOLDER,
  ISSUERS,
  JOB,
  POD,
  podIn,
  readYaml,
  ROLE,
  type ReadyMade,
} from '../../support/ready-made-policies.ts'

const STS = 'sts.amazonaws.com'

test('every one is here, with its schema and what to change', () => {
  const files = readdirSync(FOLDER).toSorted()
  expect(files).toEqual(Object.keys(ISSUERS).map((name) => `${name}.yaml`))
  for (const name of Object.keys(ISSUERS) as ReadyMade[]) {
    expect(readYaml(name)).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/exchange-policy\.schema\.json\n/,
    )
    expect(readYaml(name)).toContain('# CHANGE')
    expect(readYaml(name)).toContain(`signet policy check -f ${name}.yaml`)
  }
})

describe('the token of a real-shaped subject token', () => {
  const pod = { subject: 'system:serviceaccount:payments:ledger', audience: STS, claims: {} }
  test.each<[ReadyMade, string, JsonObject, object]>([
    ['cluster-adopted', 'prod', POD, pod],
    ['cluster-inline', 'prod', POD, pod],
    [
      'fleet',
      'prod-eu',
      POD,
      {
        subject: 'prod-eu:system:serviceaccount:payments:ledger',
        audience: STS,
        claims: {
          'https://aws.amazon.com/tags': {
            principal_tags: {
              cluster: ['prod-eu'],
              namespace: ['payments'],
              'service-account': ['ledger'],
            },
            transitive_tag_keys: ['cluster'],
          },
        },
      },
    ],
    [
      'fleet',
      'prod-us',
      podIn('shop'),
      {
        subject: 'prod-us:system:serviceaccount:shop:ledger',
        audience: STS,
        claims: {
          'https://aws.amazon.com/tags': {
            principal_tags: {
              cluster: ['prod-us'],
              namespace: ['shop'],
              'service-account': ['ledger'],
            },
            transitive_tag_keys: ['cluster'],
          },
        },
      },
    ],
    [
      'github-actions',
      'github',
      JOB,
      {
        subject: 'github:repo:octo-org/octo-repo:environment:prod',
        audience: STS,
        claims: {
          'https://aws.amazon.com/tags': {
            principal_tags: {
              repository: ['octo-org/octo-repo'],
              environment: ['prod'],
              workflow: ['octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main'],
            },
          },
          'https://aws.amazon.com/source_identity': 'github-run-13245678901',
        },
      },
    ],
    [
      'aws',
      'aws',
      ROLE,
      {
        subject: 'aws:arn:aws:iam::111122223333:role/deployer',
        audience: 'https://vault.example.com',
        claims: { aws_account: '111122223333', aws_region: 'eu-central-1' },
      },
    ],
  ])('%s, %s', async (name, entry, claims, token) => {
    await expect(decisionOn(name, entry, claims)).resolves.toEqual({
      ok: true,
      token: { ...token, ttl: undefined, mayOutliveSubject: false },
    })
  })
})
