import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  formatReference,
  parseReference,
  type ReferenceContext,
} from '../../../../src/adapters/signers/bound-reference.ts'
import { utf8 } from '../../../../src/crypto/base64url.ts'
import { Fault } from '../../../../src/errors.ts'
import type { KeyBinding } from '../../../../src/signers/key-manager.ts'
import { keyRef } from '../../../support/fixtures.ts'

const ARN = 'arn:aws:kms:eu-central-1:999988887777:key/marked'
const BINDING: KeyBinding = { issuerId: 'prod', slot: 'slot-1', alg: 'RS256' }
const CONTEXT: ReferenceContext = { format: 'kms-v1', deployment: 'test', binding: BINDING }

const REFUSED = { code: 'key_unavailable', namesIssuer: true, told: null }

function bound(changes: Partial<KeyBinding>): ReferenceContext {
  return { ...CONTEXT, binding: { ...BINDING, ...changes } }
}

/** The check of a reference, made apart from it. */
function checkOf(text: string): string {
  const list = JSON.stringify(['kms-v1', 'test', 'prod', 'slot-1', 'RS256', text])
  return createHash('sha256').update(list).digest().subarray(0, 16).toString('base64url')
}

test('is its format, what it names and a check', async () => {
  const text = Buffer.from(ARN).toString('base64url')
  expect(await formatReference(utf8(ARN), CONTEXT)).toBe(`kms-v1.${text}.${checkOf(text)}`)
})

test.each([
  ['an ARN', utf8(ARN)],
  ['any bytes', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
  ['no bytes', new Uint8Array()],
])('gives back %s', async (_, named) => {
  expect(await parseReference(await formatReference(named, CONTEXT), CONTEXT)).toEqual(named)
})

describe('is refused', () => {
  test.each<[string, ReferenceContext]>([
    ['in another format', { ...CONTEXT, format: 'kms-v2' }],
    ['in another installation', { ...CONTEXT, deployment: 'prod' }],
    ['for another issuer', bound({ issuerId: 'other' })],
    ['in another slot', bound({ slot: 'slot-2' })],
    ['for another algorithm', bound({ alg: 'ES256' })],
    ['for issuer and slot that read alike together', bound({ issuerId: 'prods', slot: 'lot-1' })],
    [
      'for an installation that reads alike',
      { ...CONTEXT, deployment: 'test","prod', binding: { ...BINDING, issuerId: 'slot-1' } },
    ],
  ])('%s', async (_, context) => {
    const reference = await formatReference(utf8(ARN), CONTEXT)
    expect(await refusalOf(reference, context)).toEqual(REFUSED)
  })

  test.each<[string, (text: string, check: string) => string]>([
    ['nothing', () => ''],
    ['its format alone', () => 'kms-v1'],
    ['without a check', (text) => `kms-v1.${text}`],
    ['with an empty check', (text) => `kms-v1.${text}.`],
    ['with half a check', (text, check) => `kms-v1.${text}.${check.slice(0, 11)}`],
    ['with a part more', (text, check) => `kms-v1.${text}.${check}.`],
    ['without what it names', (_, check) => `kms-v1..${check}`],
    [
      'naming another key',
      (_, check) => `kms-v1.${Buffer.from(`${ARN}2`).toString('base64url')}.${check}`,
    ],
    ['with a space before it', (text, check) => ` kms-v1.${text}.${check}`],
    ['with its name padded', (text, check) => `kms-v1.${text}=.${check}`],
    // Whoever can write documents can make the check as well.
    ['made by hand of what is no base64url', () => `kms-v1.@marked@.${checkOf('@marked@')}`],
    ['made by hand of base64url in another form', () => `kms-v1.AB.${checkOf('AB')}`],
  ])('%s', async (_, change) => {
    const text = Buffer.from(ARN).toString('base64url')
    expect(await refusalOf(change(text, checkOf(text)), CONTEXT)).toEqual(REFUSED)
  })
})

async function refusalOf(reference: string, context: ReferenceContext) {
  const error: unknown = await parseReference(keyRef(reference), context).catch((e: unknown) => e)
  const { code, message } = error instanceof Fault ? error : { code: undefined, message: 'none' }
  return {
    code,
    namesIssuer: message.startsWith(`a key of issuer ${context.binding.issuerId} cannot be opened`),
    told: /arn:|9999|marked|bWFya2Vk/.exec(message),
  }
}
