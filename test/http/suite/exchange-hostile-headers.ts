/**
 * Subject tokens that are hostile by their form, their header or their signature, each with the reason why it is refused.
 */

import { createHmac, createPublicKey, sign } from 'node:crypto'
import type { JsonObject } from '../../../src/json.ts'
import { base64Url, newSubjectKey, type SubjectKey } from '../../support/subject-tokens.ts'
import { type HostileWorld, strangersJwk } from './exchange-hostile-world.ts'

export type HostileRow = readonly [
  title: string,
  reason: string,
  token: (world: HostileWorld) => string,
]

/** Signed by the key of `prod` with another header; `undefined` leaves a member out. */
const header =
  (changes: JsonObject) =>
  ({ issuer, claims }: HostileWorld): string =>
    issuer.key.sign(claims(), changes)

/** A good header as text. */
const headerText = ({ kid }: SubjectKey, alg = 'ES256'): string =>
  JSON.stringify({ alg, kid, typ: 'JWT' })

/** What is signed, without its signature. */
const unsigned = ({ issuer, claims }: HostileWorld, alg: string): string =>
  [headerText(issuer.key, alg), JSON.stringify(claims())].map(base64Url).join('.')

/** A good token with its parts changed and nothing signed anew. */
const parts =
  (change: (header: string, claims: string, signature: string) => string[]) =>
  ({ issuer }: HostileWorld): string => {
    const [first = '', claims = '', signature = ''] = issuer.subjectToken().split('.')
    return change(first, claims, signature).join('.')
  }

/** With the public RSA key as the secret, in a form that everybody has. */
const keyedBy =
  (form: 'pem' | 'der' | 'jwk') =>
  ({ rsa, rsaClaims }: HostileWorld): string => {
    const key = createPublicKey(rsa.privateKey)
    const secret =
      form === 'jwk'
        ? JSON.stringify(key.export({ format: 'jwk' }))
        : form === 'pem'
          ? key.export({ type: 'spki', format: 'pem' })
          : key.export({ type: 'spki', format: 'der' })
    const input = [headerText(rsa, 'HS256'), JSON.stringify(rsaClaims())].map(base64Url).join('.')
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }

const ALGORITHMS: readonly HostileRow[] = [
  ['alg none without a signature', 'algorithm_refused', (w) => `${unsigned(w, 'none')}.`],
  ['alg none with a good signature', 'algorithm_refused', header({ alg: 'none' })],
  ['alg nOnE', 'algorithm_refused', (w) => `${unsigned(w, 'nOnE')}.`],
  ['alg HS256 with the public key as PEM', 'algorithm_refused', keyedBy('pem')],
  ['alg HS256 with the public key as DER', 'algorithm_refused', keyedBy('der')],
  ['alg HS256 with the public key as JWK', 'algorithm_refused', keyedBy('jwk')],
  ['no alg', 'algorithm_refused', header({ alg: undefined })],
  ['alg in lower case', 'algorithm_refused', header({ alg: 'es256' })],
  ['two algs', 'algorithm_refused', header({ alg: ['ES256', 'none'] })],
  ['alg EdDSA', 'algorithm_refused', header({ alg: 'EdDSA' })],
  ['alg PS256 over RS256', 'algorithm_refused', (w) => w.rsa.sign(w.rsaClaims(), { alg: 'PS256' })],
  ['alg __proto__', 'algorithm_refused', header({ alg: '__proto__' })],
  ['alg ES384 over ES256', 'key_unknown', header({ alg: 'ES384' })],
  ['alg RS256 for an EC key', 'key_unknown', header({ alg: 'RS256' })],
  ['an alg that is not pinned', 'key_unknown', (w) => rs512(w)],
]

function rs512({ rsa, rsaClaims }: HostileWorld): string {
  const input = [headerText(rsa, 'RS512'), JSON.stringify(rsaClaims())].map(base64Url).join('.')
  return `${input}.${sign('sha512', Buffer.from(input), rsa.privateKey).toString('base64url')}`
}

const KIDS: readonly HostileRow[] = [
  ['a kid that climbs', 'key_unknown', header({ kid: '../../../../dev/null' })],
  ['a kid that climbs in escapes', 'key_unknown', header({ kid: '..%2f..%2fetc%2fpasswd' })],
  ['a kid that is a URL', 'key_unknown', header({ kid: 'https://evil.example/jwks.json' })],
  ['a kid that is SQL', 'key_unknown', header({ kid: "x'/**/UNION/**/SELECT/**/'key'--" })],
  ['kid __proto__', 'key_unknown', header({ kid: '__proto__' })],
  ['the kid of our own key', 'key_unknown', (w) => header({ kid: w.ours.kid })(w)],
  ['no kid', 'header_refused', header({ kid: undefined })],
  ['an empty kid', 'header_refused', header({ kid: '' })],
  ['a kid with a line break', 'header_refused', header({ kid: 'a\nb' })],
  ['a kid with NUL', 'header_refused', header({ kid: 'a\0b' })],
  ['a kid of 256 characters', 'header_refused', header({ kid: 'k'.repeat(256) })],
  ['a kid that is a list', 'header_refused', (w) => header({ kid: [w.issuer.key.kid] })(w)],
  ['a kid that is an object', 'header_refused', header({ kid: { $ne: '' } })],
]

const MEMBERS: readonly HostileRow[] = [
  ['jku', 'header_refused', header({ jku: 'https://evil.example/jwks.json' })],
  ['jku of the issuer itself', 'header_refused', (w) => header({ jku: w.claims()['iss'] })(w)],
  ['jwk with the key that signed', 'header_refused', (w) => bringing(w)],
  ['jwk with a good key', 'header_refused', (w) => header({ jwk: w.issuer.key.jwk })(w)],
  ['jwk null', 'header_refused', header({ jwk: null })],
  ['x5u', 'header_refused', header({ x5u: 'https://evil.example/cert.pem' })],
  ['crit', 'header_refused', header({ crit: ['exp'] })],
  ['an empty crit', 'header_refused', header({ crit: [] })],
  ['b64 false as crit', 'header_refused', header({ b64: false, crit: ['b64'] })],
  ['typ of an access token as a JWT', 'type_refused', header({ typ: 'at+jwt' })],
  ['typ of a logout token', 'type_refused', header({ typ: 'logout+jwt' })],
  ['typ of a security event', 'type_refused', header({ typ: 'secevent+jwt' })],
  ['typ of a proof', 'type_refused', header({ typ: 'dpop+jwt' })],
  ['a typ that is a list', 'type_refused', header({ typ: ['JWT'] })],
]

function bringing({ stranger, claims }: HostileWorld): string {
  return stranger.sign(claims(), { jwk: stranger.jwk })
}

const SIGNATURES: readonly HostileRow[] = [
  ['no signature', 'signature_wrong', parts((h, c) => [h, c, ''])],
  ['r and s of zero', 'signature_wrong', parts((h, c) => [h, c, 'A'.repeat(86)])],
  ['a signature of DER', 'signature_wrong', (w) => der(w)],
  ['a signature with more behind it', 'signature_wrong', parts((h, c, s) => [h, c, longer(s)])],
  ['a stranger with a good kid', 'signature_wrong', (w) => w.stranger.sign(w.claims())],
  ['a stranger with x5c', 'signature_wrong', (w) => w.stranger.sign(w.claims(), { x5c: ['MII'] })],
  [
    'claims that were changed',
    'signature_wrong',
    (w) => parts((h, _c, s) => [h, base64Url(JSON.stringify(w.claims({ sub: 'root' }))), s])(w),
  ],
  [
    'a header that was changed',
    'signature_wrong',
    (w) => parts((_h, c, s) => [base64Url(headerText(w.issuer.key).replace('{', '{ ')), c, s])(w),
  ],
  [
    'the key of another entry under this kid',
    'signature_wrong',
    (w) => w.strict.sign(w.claims(), { kid: w.issuer.key.kid }),
  ],
]

function der(world: HostileWorld): string {
  const input = unsigned(world, 'ES256')
  const signature = sign('sha256', Buffer.from(input), world.issuer.key.privateKey)
  return `${input}.${signature.toString('base64url')}`
}

function longer(signature: string): string {
  return Buffer.concat([Buffer.from(signature, 'base64url'), Buffer.of(0)]).toString('base64url')
}

const FORMS: readonly HostileRow[] = [
  ['no token', 'subject_token_malformed', () => 'x'],
  ['an API key', 'subject_token_malformed', () => 'AKIAIOSFODNN7EXAMPLE'],
  ['two parts', 'subject_token_malformed', parts((h, c) => [h, c])],
  ['four parts', 'subject_token_malformed', parts((h, c, s) => [h, c, s, s])],
  ['five parts, as of a JWE', 'subject_token_malformed', parts((h, c, s) => [h, '', c, s, s])],
  ['JWS as JSON', 'subject_token_malformed', parts((h, c, s) => [asJson(h, c, s)])],
  ['no claims', 'subject_token_malformed', parts((h, _c, s) => [h, '', s])],
  ['padding', 'subject_token_malformed', parts((h, c, s) => [h, c, `${s}==`])],
  ['a line break at its end', 'subject_token_malformed', parts((h, c, s) => [h, c, `${s}\n`])],
  ['a scheme before it', 'subject_token_malformed', parts((h, c, s) => [`Bearer ${h}`, c, s])],
  ['bits that encode nothing', 'subject_token_malformed', parts((h, c, s) => [h, c, respelled(s)])],
  ['a header that is a list', 'subject_token_malformed', raw('[]')],
  ['a header that is no JSON', 'subject_token_malformed', raw('{')],
  ['a header in UTF-16', 'subject_token_malformed', raw(Buffer.from('{}', 'utf16le'))],
  ['a member of the header twice', 'subject_token_malformed', raw('{"alg":"none","alg":"ES256"}')],
  ['a BOM', 'subject_token_malformed', raw('\u{feff}{}')],
  ['16,385 characters', 'subject_token_too_long', (w) => sized(w, 16_385)],
]

function asJson(protectedHeader: string, payload: string, signature: string): string {
  return JSON.stringify({ protected: protectedHeader, payload, signature })
}

function raw(text: string | Uint8Array): HostileRow[2] {
  return ({ issuer, claims }) => issuer.key.signText(text, JSON.stringify(claims()))
}

/** Another last character for the same bytes. */
function respelled(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url')
  const others = ['A', 'B', 'Q', 'R', 'g', 'h', 'w', 'x'].map(
    (last) => signature.slice(0, -1) + last,
  )
  const isSame = (text: string) => Buffer.from(text, 'base64url').equals(bytes)
  return others.find((text) => text !== signature && isSame(text)) ?? 'none'
}

/** With a signature that is filled up. */
function sized({ issuer }: HostileWorld, length: number): string {
  return issuer.subjectToken().padEnd(length, 'A')
}

export const HOSTILE_HEADERS: readonly HostileRow[] = [
  ...ALGORITHMS,
  ...KIDS,
  ...MEMBERS,
  ...SIGNATURES,
  ...FORMS,
  ['a key that nobody knows', 'key_unknown', (w) => newSubjectKey('ES256').sign(w.claims())],
  ['jwk of nobody', 'header_refused', header({ jwk: strangersJwk() })],
]
