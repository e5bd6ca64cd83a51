import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import {
  AWS,
  decisionOn,
  ISSUERS,
  jobWith,
  POD,
  podIn,
  readyMadePolicy,
  ROLE,
  roleWith,
  type ReadyMade,
} from '../../support/ready-made-policies.ts'

describe('what is refused', () => {
  test.each<[string, ReadyMade, string, JsonObject, string]>([
    ['another namespace', 'cluster-adopted', 'prod', podIn('default'), 'condition_not_met'],
    ['another namespace', 'cluster-inline', 'prod', podIn('payments2'), 'condition_not_met'],
    [
      'a namespace in other letters',
      'cluster-inline',
      'prod',
      podIn('Payments'),
      'condition_not_met',
    ],
    ['a token of no pod', 'cluster-inline', 'prod', { sub: 'admin' }, 'expression_failed'],
    [
      'claims that are no object',
      'cluster-inline',
      'prod',
      { ...POD, 'kubernetes.io': 'payments' },
      'expression_failed',
    ],
    [
      'a namespace of the cluster itself',
      'fleet',
      'prod-eu',
      podIn('kube-system'),
      'condition_not_met',
    ],
    [
      'a namespace that is no text',
      'fleet',
      'prod-eu',
      { ...POD, 'kubernetes.io': { namespace: ['payments'], serviceaccount: { name: 'x' } } },
      'expression_failed',
    ],
    [
      'a token without a service account',
      'fleet',
      'prod-us',
      { ...POD, 'kubernetes.io': { namespace: 'payments' } },
      'expression_failed',
    ],
    [
      'the owner of another number',
      'github-actions',
      'github',
      jobWith({ repository_owner_id: '66' }),
      'condition_not_met',
    ],
    [
      'a number for a text',
      'github-actions',
      'github',
      jobWith({ repository_owner_id: 65 }),
      'condition_not_met',
    ],
    [
      'another repository',
      'github-actions',
      'github',
      jobWith({ repository: 'octo-org/octo-repo2' }),
      'condition_not_met',
    ],
    [
      'another branch',
      'github-actions',
      'github',
      jobWith({ ref: 'refs/heads/main2' }),
      'condition_not_met',
    ],
    [
      'a pull request',
      'github-actions',
      'github',
      jobWith({ ref: 'refs/pull/7/merge', event_name: 'pull_request' }),
      'condition_not_met',
    ],
    [
      'no environment',
      'github-actions',
      'github',
      jobWith({ environment: undefined }),
      'condition_not_met',
    ],
    [
      'another environment',
      'github-actions',
      'github',
      jobWith({ environment: 'staging' }),
      'condition_not_met',
    ],
    [
      'another account',
      'aws',
      'aws',
      roleWith({ aws_account: '444455556666' }),
      'condition_not_met',
    ],
    [
      'an account outside of the organization',
      'aws',
      'aws',
      roleWith({ org_id: 'o-other' }),
      'condition_not_met',
    ],
    [
      'another role',
      'aws',
      'aws',
      { ...ROLE, sub: 'arn:aws:iam::111122223333:role/deployer2' },
      'condition_not_met',
    ],
    [
      'claims of a request that look like those of AWS',
      'aws',
      'aws',
      { ...ROLE, [AWS]: { request_tags: { aws_account: '111122223333' } } },
      'expression_failed',
    ],
  ])('%s: %s', async (...[, name, entry, claims, reason]) => {
    await expect(decisionOn(name, entry, claims)).resolves.toMatchObject({ ok: false, reason })
  })

  test.each(Object.keys(ISSUERS) as ReadyMade[])('a token of %s for anybody else', async (name) => {
    const { entries } = await readyMadePolicy(name)
    for (const entry of entries) {
      const decision = await decisionOn(name, entry.name, POD, 'https://elsewhere.example')
      expect(decision).toMatchObject({ reason: 'audience_not_allowed' })
    }
  })
})
