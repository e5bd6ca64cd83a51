/**
 * What IAM would refuse, or accept and never match, is refused at synthesis: in a sentence that says what to do.
 */

import { Duration, Fn } from 'aws-cdk-lib'
import { describe, expect, test } from 'vitest'
import type {
  SignetIamTrustProps,
  TrustedRoleProps,
} from '../../infra/iam-trust/iam-trust-props.ts'
import { ISSUER, LATER, trustStack } from './iam-trust-stack.ts'

const ARN = 'arn:aws:iam::111122223333:oidc-provider/oidc.signet.internal/prod'
const FINGERPRINT = '0123456789abcdef0123456789abcdef01234567'
const READER = { namespace: 'reports', name: 'reader' }

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

/** Its words, with what kind of error it is before them. */
function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return String(error)
  }
  return 'nothing was refused'
}

describe('a trust is taken', () => {
  test.each<[string, Partial<SignetIamTrustProps>]>([
    ['for an issuer at the root of its host', { issuerUrl: 'https://oidc.signet.internal' }],
    ['for one with a host in mixed case', { issuerUrl: 'https://OIDC.Signet.internal/prod' }],
    ['for the longest URL', { issuerUrl: `${ISSUER}/${'x'.repeat(255 - ISSUER.length - 1)}` }],
    ['with 100 client ids', { clientIds: times(100, (index) => `client-${index}`) }],
    ['with the longest client id', { clientIds: ['x'.repeat(255)] }],
    ['with five thumbprints', { thumbprints: times(5, (i) => `${i}${FINGERPRINT.slice(1)}`) }],
    ['with a thumbprint in capitals', { thumbprints: [FINGERPRINT.toUpperCase()] }],
    ['with 50 tags', { tags: Object.fromEntries(times(50, (index) => [`t${index}`, ''])) }],
    ['with a tag that is known later', { tags: { stack: LATER } }],
    ['with a thumbprint that is known later', { thumbprints: [LATER] }],
    ['with an existing provider', { existingProviderArn: ARN }],
    ['with the largest quota', { trustPolicyCharsMax: 4096 }],
  ])('%s', (_title, props) => {
    expect(() => trustStack(props)).not.toThrow()
  })
})

describe('a trust is refused', () => {
  test.each<[string, Partial<SignetIamTrustProps>, string]>([
    ['for http', { issuerUrl: 'http://oidc.signet.internal/prod' }, 'issuerUrl must use https'],
    ['for http of this machine', { issuerUrl: 'http://localhost/prod' }, 'from the internet'],
    ['for this machine', { issuerUrl: 'https://127.0.0.1/prod' }, 'from the internet'],
    ['for no URL', { issuerUrl: 'oidc.signet.internal' }, 'issuerUrl must be a URL'],
    ['for nothing', { issuerUrl: '' }, 'issuerUrl must be a URL'],
    ['for a port', { issuerUrl: 'https://oidc.signet.internal:8443/prod' }, 'must have no port'],
    ['for a slash at the end', { issuerUrl: `${ISSUER}/` }, 'must have no trailing'],
    ['for a query', { issuerUrl: `${ISSUER}?a=b` }, 'must have no query, fragment or credentials'],
    ['for a fragment', { issuerUrl: `${ISSUER}#a` }, 'must have no query, fragment or credentials'],
    ['for the discovery document', { issuerUrl: `${ISSUER}/.well-known/x` }, '.well-known'],
    [
      'for a URL that is too long',
      { issuerUrl: `${ISSUER}/${'x'.repeat(255 - ISSUER.length)}` },
      'at most 255 characters (the limit of IAM), got 256',
    ],
    ['for a URL that is known later', { issuerUrl: LATER }, 'issuerUrl must be known when'],
    [
      'for a part that is known later',
      { issuerUrl: `https://${LATER}/prod` },
      'issuerUrl must be known when',
    ],
    [
      'without client ids',
      { clientIds: [] },
      'clientIds must be 1 to 100 (IAM takes no more), got 0',
    ],
    [
      'with too many of them',
      { clientIds: times(101, (index) => `client-${index}`) },
      'clientIds must be 1 to 100 (IAM takes no more), got 101',
    ],
    ['with an empty one', { clientIds: [''] }, 'clientIds must have 1 to 255 characters, got 0'],
    ['with a long one', { clientIds: ['x'.repeat(256)] }, '1 to 255 characters, got 256'],
    ['with one twice', { clientIds: ['a', 'b', 'a'] }, 'clientIds must name each once, got "a"'],
    ['with a pattern', { clientIds: ['sts.*'] }, 'clientIds must have no *, ? or ${ in it'],
    ['with a space at its end', { clientIds: ['sts '] }, 'have no space at its ends, got "sts "'],
    ['with one that is known later', { clientIds: [LATER] }, 'clientIds must be known when'],
    ['with a list of such', { clientIds: Fn.split(',', LATER) }, 'clientIds must be known when'],
    [
      'with too many thumbprints',
      { thumbprints: times(6, (i) => `${i}${FINGERPRINT.slice(1)}`) },
      'thumbprints must be at most 5, got 6',
    ],
    ['with a thumbprint twice', { thumbprints: [FINGERPRINT, FINGERPRINT] }, 'name each once'],
    [
      'with a short thumbprint',
      { thumbprints: ['0123'] },
      '40 hex digits without colons, got "0123"',
    ],
    [
      'with one as openssl prints it',
      { thumbprints: [FINGERPRINT.replaceAll(/..\B/g, '$&:')] },
      '40 hex digits without colons',
    ],
    ['with a SHA-256', { thumbprints: ['a'.repeat(64)] }, '40 hex digits without colons'],
    [
      'with too many tags',
      { tags: Object.fromEntries(times(51, (index) => [`t${index}`, ''])) },
      'tags must be at most 50, got 51',
    ],
    ['with a tag of AWS', { tags: { 'aws:team': 'a' } }, 'tags must have keys of 1 to 128'],
    ['with a tag of AWS in capitals', { tags: { 'AWS:team': 'a' } }, 'tags must have keys'],
    ['with a tag without a name', { tags: { '': 'a' } }, 'tags must have keys of 1 to 128'],
    ['with a long tag', { tags: { ['x'.repeat(129)]: 'a' } }, 'tags must have keys of 1 to 128'],
    ['with a long value', { tags: { team: 'x'.repeat(257) } }, 'values of at most 256'],
    ['with an odd value', { tags: { team: 'a|b' } }, 'got "team": rename it'],
    [
      'with what is no provider',
      { existingProviderArn: 'arn:aws:iam::111122223333:role/x' },
      'must be the ARN of an OIDC provider of IAM, got something else',
    ],
    [
      "with another issuer's provider",
      { existingProviderArn: ARN.replace('prod', 'dev') },
      'must be that of issuerUrl ("oidc.signet.internal/prod"), got the provider of another issuer',
    ],
    [
      'with tags of an existing provider',
      { existingProviderArn: ARN, tags: {} },
      'thumbprints and tags are of a provider that is made here',
    ],
    [
      'with thumbprints of an existing provider',
      { existingProviderArn: ARN, thumbprints: [FINGERPRINT] },
      'thumbprints and tags are of a provider that is made here',
    ],
    ['with a small quota', { trustPolicyCharsMax: 2047 }, 'whole number from 2048 to 4096'],
    [
      'with a large quota',
      { trustPolicyCharsMax: 4097 },
      'IAM raises the quota no further), got 4097',
    ],
    ['with half a character', { trustPolicyCharsMax: 2048.5 }, 'must be a whole number'],
  ])('%s', (_title, props, words) => {
    const refusal = refusalOf(() => trustStack(props))
    expect(refusal).toContain(words)
    expect(refusal).toMatch(/^TypeError: Stack\/Trust: [^;]+$/)
    expect(refusal).not.toMatch(/111122223333|Token\[/)
  })

  test('for all that is wrong at once', () => {
    const refusal = refusalOf(() =>
      trustStack({ issuerUrl: 'http://a.internal', clientIds: [], trustPolicyCharsMax: 1 }),
    )
    expect(refusal.split('; ')).toHaveLength(3)
  })
})

describe('a role is taken', () => {
  test.each<[string, TrustedRoleProps]>([
    ['for a service account', { serviceAccounts: [READER] }],
    [
      'for the longest names',
      { serviceAccounts: [{ namespace: 'n'.repeat(63), name: 'a'.repeat(253) }] },
    ],
    ['for a name with dots', { serviceAccounts: [{ namespace: 'n', name: 'a.b-c' }] }],
    ['for a subject alone', { subjects: ['spiffe://cluster/ci'] }],
    ['for the longest subject', { subjects: ['s'.repeat(600)] }],
    ['with its audience', { serviceAccounts: [READER], audience: 'sts.amazonaws.com' }],
    ['with the longest sessions', { subjects: ['a'], maxSessionDuration: Duration.hours(12) }],
    ['with the shortest sessions', { subjects: ['a'], maxSessionDuration: Duration.hours(1) }],
  ])('%s', (_title, props) => {
    expect(() => trustStack().trust.role('Role', props)).not.toThrow()
  })
})

describe('a role is refused', () => {
  test.each<[string, TrustedRoleProps, string]>([
    ['for nobody', {}, 'serviceAccounts or subjects must name somebody, got nobody'],
    ['for nobody in a list', { serviceAccounts: [], subjects: [] }, 'got nobody'],
    [
      'for every name',
      { serviceAccounts: [{ ...READER, name: '*' }] },
      'have a name as Kubernetes',
    ],
    [
      'for every namespace',
      { serviceAccounts: [{ ...READER, namespace: '*' }] },
      'have a namespace as Kubernetes names it',
    ],
    ['for a pattern', { serviceAccounts: [{ ...READER, name: 'read-?' }] }, 'got "read-?"'],
    ['for capitals', { serviceAccounts: [{ ...READER, name: 'Reader' }] }, 'got "Reader"'],
    ['for a colon', { serviceAccounts: [{ ...READER, namespace: 'a:b' }] }, 'got "a:b"'],
    ['for a dot in a namespace', { serviceAccounts: [{ ...READER, namespace: 'a.b' }] }, '"a.b"'],
    ['for no name', { serviceAccounts: [{ ...READER, name: '' }] }, 'got ""'],
    [
      'for a long namespace',
      { serviceAccounts: [{ ...READER, namespace: 'n'.repeat(64) }] },
      '1 to 63 lower-case letters',
    ],
    ['for a long name', { serviceAccounts: [{ ...READER, name: 'n'.repeat(254) }] }, 'at most 253'],
    [
      'for a name that is known later',
      { serviceAccounts: [{ ...READER, name: LATER }] },
      'serviceAccounts must be known when',
    ],
    [
      'for a service account twice',
      { serviceAccounts: [READER, READER] },
      'subjects must be named',
    ],
    [
      'for one by both ways',
      { serviceAccounts: [READER], subjects: ['system:serviceaccount:reports:reader'] },
      'twice: leave one out',
    ],
    ['for an empty subject', { subjects: [''] }, 'subjects must have 1 to 600 characters, got 0'],
    ['for a long subject', { subjects: ['s'.repeat(601)] }, '1 to 600 characters, got 601'],
    ['for a subject with a star', { subjects: ['repo:org/*'] }, 'a trust is in one name'],
    ['for one with a question mark', { subjects: ['repo:org/?'] }, 'a trust is in one name'],
    ['for a variable of IAM', { subjects: ['${aws:username}'] }, 'a trust is in one name'],
    ['for a control character', { subjects: ['a\nb'] }, String.raw`got "a\nb"`],
    ['for a subject that is known later', { subjects: [`x-${LATER}`] }, 'subjects must be known'],
    [
      'for another audience',
      { subjects: ['a'], audience: 'vault' },
      'audience must be one of the clientIds (IAM refuses tokens for others), got "vault"',
    ],
    [
      'for an audience that is known later',
      { subjects: ['a'], audience: LATER },
      'audience must be known when',
    ],
    [
      'for a list that is known later',
      { subjects: Fn.split(',', LATER) },
      'subjects must be known',
    ],
    [
      'with short sessions',
      { subjects: ['a'], maxSessionDuration: Duration.minutes(59) },
      'maxSessionDuration must be from 1 to 12 hours, got 3540 seconds',
    ],
    [
      'with long sessions',
      { subjects: ['a'], maxSessionDuration: Duration.hours(13) },
      'maxSessionDuration must be from 1 to 12 hours, got 46800 seconds',
    ],
  ])('%s', (_title, props, words) => {
    const refusal = refusalOf(() => trustStack().trust.role('Role', props))
    expect(refusal).toContain(words)
    expect(refusal).toMatch(/^TypeError: Stack\/Trust\/Role: [^;]+$/)
    expect(refusal).not.toMatch(/Token\[/)
  })

  test('without an audience where there are several', () => {
    const { trust } = trustStack({ clientIds: ['a', 'b'] })
    expect(refusalOf(() => trust.role('Role', { subjects: ['a'] }))).toContain(
      'audience must be one of the 2 clientIds where there are several, got nothing',
    )
  })
})
