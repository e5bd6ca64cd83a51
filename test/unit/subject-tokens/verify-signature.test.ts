import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseSubjectToken, type SubjectToken } from '../../../src/subject-tokens/compact-token.ts'
import { signatureVerifier } from '../../../src/subject-tokens/verify-signature.ts'
import {
  base64Url,
  newSubjectKey,
  subjectClaims,
  type SubjectKey,
} from '../../support/subject-tokens.ts'
import { aSource, inline, outcomeOf } from './verifying.ts'

const KEY = newSubjectKey('ES256')
const TRUST = { sources: [aSource(inline(KEY))] }

describe('a signature is wrong', () => {
  const [header = '', claims = '', signature = ''] = KEY.sign(subjectClaims()).split('.')
  const other = newSubjectKey('ES256', KEY.kid)
  const raw = Buffer.from(signature, 'base64url')
  const withSignature = (bytes: Uint8Array): string => `${header}.${claims}.${base64Url(bytes)}`
  const order = Buffer.from(
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    'hex',
  )
  test.each<[string, string]>([
    ['of another key', other.sign(subjectClaims())],
    [
      'of other claims',
      `${header}.${KEY.sign(subjectClaims({ sub: 'admin' })).split('.')[1]}.${signature}`,
    ],
    ['stripped', `${header}.${claims}.`],
    ['too short', withSignature(raw.subarray(0, 63))],
    ['too long', withSignature(Buffer.concat([raw, Buffer.alloc(1)]))],
    ['with zeros between its halves', withSignature(padded(raw))],
    ['all zero', withSignature(Buffer.alloc(64))],
    ['the order of the curve twice', withSignature(Buffer.concat([order, order]))],
    ['all ones', withSignature(Buffer.alloc(64, 0xff))],
    ['in DER', withSignature(derOf(raw))],
    [
      'with its halves changed',
      withSignature(Buffer.concat([raw.subarray(32), raw.subarray(0, 32)])),
    ],
    [
      'over another header',
      `${base64Url(`{"alg":"ES256","kid":"${KEY.kid}"}`)}.${claims}.${signature}`,
    ],
  ])('%s', async (_title, token) => {
    expect(await outcomeOf(token, TRUST)).toBe('signature_wrong')
  })

  test('by another algorithm of the same key, although the key may verify both', async () => {
    const key = newSubjectKey('RS256')
    const both = { ...key, algorithms: ['RS256', 'RS512'] } as const
    const sources = [aSource(inline(both), { algorithms: ['RS256', 'RS512'] })]
    const token = key.sign(subjectClaims(), { alg: 'RS512' })
    expect(await outcomeOf(token, { sources })).toBe('signature_wrong')
    expect(await outcomeOf(key.sign(subjectClaims()), { sources })).toBe('ok source')
  })

  test('with the public key as the secret of HS256', async () => {
    const input = `${base64Url(JSON.stringify({ alg: 'HS256', kid: KEY.kid }))}.${claims}`
    for (const secret of [JSON.stringify(KEY.jwk), String(KEY.jwk['x'])]) {
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      expect(await outcomeOf(`${input}.${mac}`, TRUST)).toBe('algorithm_refused')
    }
  })
})

/** r and s, each with a zero in front: longer, and the same numbers. */
function padded(bytes: Buffer): Buffer {
  const zero = Buffer.alloc(1)
  return Buffer.concat([zero, bytes.subarray(0, 32), zero, bytes.subarray(32)])
}

function derOf(bytes: Buffer): Buffer {
  const integers = [bytes.subarray(0, 32), bytes.subarray(32)].map((half) => {
    const first = half[0] ?? 0
    const content = first >= 0x80 ? Buffer.concat([Buffer.alloc(1), half]) : half
    return Buffer.concat([Buffer.from([2, content.length]), content])
  })
  const body = Buffer.concat(integers)
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

describe('keys in memory', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('are imported once, for each alg', async () => {
    const imports = vi.spyOn(crypto.subtle, 'importKey')
    const [verifies, first, second] = [signatureVerifier(), newSubjectKey('RS256'), KEY]
    for (const key of [first, second, first, second]) {
      expect(await verifies(key, tokenOf(key))).toBe(true)
    }
    expect(imports).toHaveBeenCalledTimes(2)
    expect(await verifies(first, tokenOf(first, 'RS512'))).toBe(false)
    expect(imports).toHaveBeenCalledTimes(3)
    expect(await verifies(first, tokenOf(first))).toBe(true)
    expect(imports).toHaveBeenCalledTimes(3)
  })

  test('are told apart by what they are, not by their names', async () => {
    const verifies = signatureVerifier()
    const [one, other] = [newSubjectKey('ES256', 'key-1'), newSubjectKey('ES256', 'key-1')]
    const outcomes = [
      await verifies(one, tokenOf(one)),
      await verifies(other, tokenOf(one)),
      await verifies(other, tokenOf(other)),
      await verifies(one, tokenOf(other)),
    ]
    expect(outcomes).toEqual([true, false, true, false])
  })

  test('are no more than there may be: the oldest goes', async () => {
    const imports = vi.spyOn(crypto.subtle, 'importKey')
    const verifies = signatureVerifier(2)
    const [a, b, c] = [newSubjectKey(), newSubjectKey(), newSubjectKey()]
    for (const key of [a, b, c, c, b]) expect(await verifies(key, tokenOf(key))).toBe(true)
    expect(imports).toHaveBeenCalledTimes(3)
    expect(await verifies(a, tokenOf(a))).toBe(true)
    expect(imports).toHaveBeenCalledTimes(4)
  })
})

function tokenOf(key: SubjectKey, alg = key.alg): SubjectToken {
  const parsed = parseSubjectToken(key.sign(subjectClaims(), { alg }))
  if (!parsed.ok) throw new Error(parsed.detail)
  return parsed.token
}
