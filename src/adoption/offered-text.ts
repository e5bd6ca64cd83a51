/**
 * Text that offers keys: a JWK Set as `kubectl get --raw /openid/v1/jwks` prints it, one JWK, or PEM.
 */

import { isJsonObject, type JsonObject, parseJson } from '../json.ts'
import { accepted, type Outcome, refused } from '../refusal.ts'
import { type PemBlock, pemBlocks } from './pem.ts'

export type OfferedText =
  | { readonly type: 'jwk_set'; readonly keys: readonly JsonObject[] }
  | { readonly type: 'pem'; readonly blocks: readonly PemBlock[] }

const WANTED = 'a JWK Set ({"keys":[…]}), a JWK or PEM public keys'

export function parseOfferedText(text: string): Outcome<OfferedText> {
  const trimmed = text.trim()
  if (trimmed === '') return none('nothing')
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) return parseJwkSet(trimmed)
  if (!trimmed.includes('-----BEGIN')) return none('something else')
  const blocks = pemBlocks(trimmed)
  return blocks.ok ? accepted({ type: 'pem', blocks: blocks.value }) : blocks
}

function parseJwkSet(text: string): Outcome<OfferedText> {
  const json = parseJson(text)
  if (!isJsonObject(json)) return none(json === undefined ? 'broken JSON' : kindOf(json))
  if ('kty' in json && 'keys' in json) return none('a JWK and a set in one')
  if ('kty' in json) return accepted({ type: 'jwk_set', keys: [json] })
  const { keys } = json
  if (!Array.isArray(keys)) return none('JSON without a list "keys"')
  const wrong = keys.findIndex((key) => !isJsonObject(key))
  if (wrong !== -1) {
    return refused(
      'invalid_request',
      `key ${wrong + 1} must be a JSON object, got ${kindOf(keys[wrong])}`,
    )
  }
  return accepted({ type: 'jwk_set', keys: keys as JsonObject[] })
}

function none(given: string): Outcome<never> {
  return refused('invalid_request', `the keys must be ${WANTED}, got ${given}`)
}

/** By its kind alone: what stands where a key should be may be a private one. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
