/**
 * Adopting keys for an issuer that has an exchange policy: what has adopted keys trusts no others.
 */

import { describe, expect, test } from 'vitest'
import { adoptIssuerKeys } from '../../../src/control/adopt-issuer-keys.ts'
import { Fault } from '../../../src/errors.ts'
import type { StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import type { ExchangePolicy } from '../../../src/policies/exchange-policy.ts'
import { anAdoptedKey, anIssuer, aRing, NOW, refusalOf, valueOf } from '../../support/fixtures.ts'
import { anEntry, aPolicy, aStoredPolicy } from '../../support/stored-policies.ts'
import { ecKey, pemOf } from '../adoption/cluster-keys.ts'
import { DISCOVERED, hostWith } from './policy-host.ts'

const PEM = pemOf(ecKey('prime256v1'))
const OTHER = anEntry({
  name: 'other',
  issuer: 'https://other.example.net',
  keys: { discovery: true },
})

/** Issuer `prod` with a policy, as storage has both. */
async function adopting(policy: ExchangePolicy | undefined, issuer: StoredIssuer = anIssuer()) {
  const { deps, issuers } = await hostWith([issuer])
  if (policy !== undefined) await deps.policies.put(undefined, aStoredPolicy({ policy }))
  const adopt = (text: string) => adoptIssuerKeys(deps, 'prod', { text, kid: undefined }, undefined)
  return { deps, adopt, stored: async () => (await issuers.load('prod'))?.stored }
}

describe('the first adopted keys', () => {
  test('are refused while the policy has entries of another kind, which are named', async () => {
    const { adopt, stored } = await adopting(aPolicy(DISCOVERED, OTHER))
    const refusal = refusalOf(await adopt(PEM))
    expect(refusal.reason).toBe('invalid_request')
    expect(refusal.message).toContain(
      'got entries of its exchange policy with others (github, other):',
    )
    expect(await stored()).toEqual(anIssuer())
  })

  test('are refused for a key that is published no longer, as for none', async () => {
    const withdrawal = { at: NOW - 60, publishedUntil: NOW }
    const ring = aRing({ adopted: [anAdoptedKey({ withdrawal })] })
    const { adopt } = await adopting(aPolicy(DISCOVERED), anIssuer({ ring }))
    expect(refusalOf(await adopt(PEM)).reason).toBe('invalid_request')
  })

  test.each<[title: string, policy: ExchangePolicy | undefined]>([
    ['there is no policy', undefined],
    ['the policy has no entries', { entries: [] }],
    ['its entries wait for them', aPolicy()],
  ])('are adopted where %s', async (_title, policy) => {
    const { adopt } = await adopting(policy)
    expect(valueOf(await adopt(PEM)).ring.adopted).toHaveLength(1)
  })

  test('wait for a policy that cannot be read', async () => {
    const { deps, stored } = await adopting(undefined)
    const fault = new Fault('document_corrupt', 'the exchange policy cannot be read')
    const broken = { ...deps, policies: { ...deps.policies, load: () => Promise.reject(fault) } }
    await expect(
      adoptIssuerKeys(broken, 'prod', { text: PEM, kid: undefined }, undefined),
    ).rejects.toBe(fault)
    expect(await stored()).toEqual(anIssuer())
  })
})

const notToBeAsked = () => Promise.reject(new TypeError('asked for the policy'))

describe('no policy is asked about', () => {
  test.each<[title: string, issuer: StoredIssuer, text: string]>([
    [
      'further keys, which a cluster already signs with',
      anIssuer({ ring: aRing({ adopted: [anAdoptedKey()] }) }),
      PEM,
    ],
    ['no keys', anIssuer(), '{"keys":[]}'],
    [
      'an issuer that only publishes',
      anIssuer({ ring: aRing({ keys: [] }), policy: { ...DEFAULT_POLICY, custody: 'none' } }),
      PEM,
    ],
  ])('for %s', async (_title, issuer, text) => {
    const { deps } = await adopting(undefined, issuer)
    const asking = { ...deps, policies: { ...deps.policies, load: notToBeAsked } }
    const outcome = await adoptIssuerKeys(asking, 'prod', { text, kid: undefined }, undefined)
    expect(outcome.ok).toBe(true)
  })
})
