import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { formatStoredPolicy, parseStoredPolicy } from '../../../src/policies/policy-codec.ts'
import type { StoredPolicy } from '../../../src/policies/stored-policy.ts'
import { changed } from '../../support/fixtures.ts'
import { anEntry, aPolicy, aStoredPolicy } from '../../support/stored-policies.ts'

const GOLDEN = join(import.meta.dirname, '../../golden/stored-policy.json')

/** Every member that a policy may have, so that the stored form of each is held. */
const WHOLE: StoredPolicy = aStoredPolicy({
  revision: 7,
  policy: aPolicy(
    anEntry({
      name: 'blue',
      condition: 'true',
      keys: { jwks: { keys: [{ kty: 'RSA', kid: 'k1', n: 'modulus', e: 'AQAB' }] } },
      audience: 'https://oidc.example.com/prod',
      maxAgeSeconds: 600,
      token: {
        subject: 'entry.name + ":" + claims.sub',
        tags: { cluster: 'entry.name', Namespace: 'claims.namespace' },
        transitiveTags: ['cluster'],
        sourceIdentity: 'claims.sub',
        claims: { team: 'claims.team' },
        audiences: ['sts.amazonaws.com', 'https://vault.example.net'],
        ttl: 900,
        mayOutliveSubject: true,
      },
    }),
    anEntry({
      name: 'green',
      condition: 'true',
      keys: { discovery: true, jwksHost: 'keys.example.net' },
      algorithms: ['RS256', 'ES384'],
    }),
    anEntry({ name: 'own', condition: 'true', keys: { adopted: true } }),
  ),
})

function faultOf(run: () => unknown): Fault {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error
  }
  throw new Error('no fault was thrown')
}

describe('a stored policy', () => {
  test('is read as it was written', () => {
    expect(parseStoredPolicy('prod', formatStoredPolicy(WHOLE))).toEqual(WHOLE)
    const empty = aStoredPolicy({ policy: { entries: [] } })
    expect(parseStoredPolicy('prod', formatStoredPolicy(empty))).toEqual(empty)
  })

  test('has the bytes that earlier versions wrote', async () => {
    await expect(`${formatStoredPolicy(WHOLE)}\n`).toMatchFileSnapshot(GOLDEN)
    const stored = (await readFile(GOLDEN, 'utf8')).trimEnd()
    expect(parseStoredPolicy('prod', stored)).toEqual(WHOLE)
  })

  test.each<[title: string, body: string, says: string]>([
    ['no JSON', '{"version":1', 'wrong at the top level; restore it from a backup'],
    ['no object', '[]', 'wrong at the top level'],
    ['of an issuer', changed(WHOLE, 'kind', 'issuer'), 'wrong at kind'],
    ['of another issuer', changed(WHOLE, 'id', 'test'), 'it is of another issuer'],
    ['an older format than there is', changed(WHOLE, 'version', 0), 'wrong at version'],
    ['a version that is text', changed(WHOLE, 'version', '2'), 'wrong at version'],
    ['of a newer format', changed(WHOLE, 'version', 2), 'a newer version of Signet wrote it'],
    ['revision 0', changed(WHOLE, 'revision', 0), 'wrong at revision'],
    ['a revision with a fraction', changed(WHOLE, 'revision', 1.5), 'wrong at revision'],
    ['no moment', changed(WHOLE, 'updatedAt', undefined), 'wrong at updatedAt'],
    ['a moment before 1970', changed(WHOLE, 'updatedAt', -1), 'wrong at updatedAt'],
    ['an empty nonce', changed(WHOLE, 'writeNonce', ''), 'wrong at writeNonce'],
    ['a member that is not known', changed(WHOLE, 'etag', 'x'), 'wrong at etag'],
    ['no policy', changed(WHOLE, 'policy', undefined), 'wrong at policy'],
    ['a policy that is a list', changed(WHOLE, 'policy', []), 'wrong at policy'],
    [
      'a policy with a member that is not known',
      changed(WHOLE, 'policy.marked', 1),
      'wrong at policy.marked',
    ],
    [
      'an entry without its condition',
      changed(WHOLE, 'policy.entries.1.condition', undefined),
      'wrong at policy.entries.1.condition',
    ],
  ])('is corrupt where it is %s', (_title, body, says) => {
    const fault = faultOf(() => parseStoredPolicy('prod', body))
    expect(fault.code).toBe('document_corrupt')
    expect(fault.message).toContain('the exchange policy of issuer prod cannot be read: ')
    expect(fault.message).toContain(says)
  })

  test('tells a few of many places, and no value', () => {
    const body = changed(
      WHOLE,
      'policy.entries',
      Array.from({ length: 20 }, () => 'marked-secret'),
    )
    const { message } = faultOf(() => parseStoredPolicy('prod', body))
    expect(message).toContain('policy.entries.4, and 15 more')
    expect(message).not.toContain('marked')
  })

  test('is not written where it could not be read again', () => {
    const bad = aStoredPolicy({ policy: aPolicy(anEntry({ condition: '' })) })
    const fault = faultOf(() => formatStoredPolicy(bad))
    expect(fault).toMatchObject({ code: 'document_corrupt' })
    expect(fault.message).toContain('wrong at policy.entries.0.condition: nothing was written')
  })
})
