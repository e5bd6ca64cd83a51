/**
 * Subject tokens with a good signature and hostile claims, and good tokens of the wrong issuer, each with the reason why it is
 * refused.
 */

import type { JsonObject } from '../../../src/json.ts'
import type { HostileRow } from './exchange-hostile-headers.ts'
import type { HostileWorld } from './exchange-hostile-world.ts'

/** Signed by the key of `prod`; `undefined` leaves a claim out. */
const claims =
  (changes: JsonObject) =>
  ({ issuer }: HostileWorld): string =>
    issuer.subjectToken(changes)

/** By seconds from when the issuer was made. */
const times =
  (seconds: Readonly<Record<string, number>>) =>
  ({ issuer }: HostileWorld): string => {
    const moved = Object.entries(seconds).map(([name, by]) => [name, issuer.madeAt + by])
    return issuer.subjectToken(Object.fromEntries(moved) as JsonObject)
  }

/** Its claims as text, with more text before the end. */
const withText =
  (more: string | Uint8Array) =>
  ({ issuer: { key }, claims: good }: HostileWorld): string => {
    const header = JSON.stringify({ alg: key.alg, kid: key.kid })
    const text = Buffer.from(`${JSON.stringify(good()).slice(0, -1)},`)
    return key.signText(header, Buffer.concat([text, Buffer.from(more), Buffer.from('}')]))
  }

const audience =
  (aud: (issuer: string) => unknown) =>
  ({ issuer }: HostileWorld): string =>
    issuer.subjectToken({ aud: aud(issuer.issuer) })

const strict =
  (changes: JsonObject) =>
  ({ strict: key, strictClaims }: HostileWorld): string =>
    key.sign(strictClaims(changes))

function nested(depth: number): string {
  return `"deep":${'['.repeat(depth)}${']'.repeat(depth)}`
}

const JSON_TEXTS: readonly HostileRow[] = [
  ['a claim twice', 'subject_token_malformed', withText('"sub":"root"')],
  ['a claim twice in escapes', 'subject_token_malformed', withText('"s\\u0075b":"root"')],
  ['a member twice within a claim', 'subject_token_malformed', withText('"x":{"a":1,"a":2}')],
  ['bytes that are not UTF-8', 'subject_token_malformed', withText(Buffer.of(0x22, 0xff, 0x22))],
  ['an overlong UTF-8 slash', 'subject_token_malformed', withText(quoted(0xc0, 0xaf))],
  ['a surrogate in UTF-8', 'subject_token_malformed', withText(quoted(0xed, 0xa0, 0x80))],
  ['half of a character', 'subject_token_malformed', withText('"x":"\\ud800"')],
  ['__proto__', 'subject_token_malformed', withText('"__proto__":{"let":true}')],
  ['a comment', 'subject_token_malformed', withText('"x":1/**/')],
  ['a number that is none', 'subject_token_malformed', withText('"x":NaN')],
  ['an endless number', 'claims_refused', withText('"x":1e400')],
  ['a number that no double holds', 'claims_refused', withText('"x":9007199254740993')],
  ['JSON of depth 9', 'claims_refused', withText(nested(8))],
  ['JSON of depth 5,001', 'claims_refused', withText(nested(5000))],
  ['a list of 101', 'claims_refused', claims({ x: Array(101).fill(0) })],
  ['101 claims', 'claims_refused', claims(Object.fromEntries(numbered(101)))],
  ['a text of 4,097 characters', 'claims_refused', claims({ x: 'x'.repeat(4097) })],
]

function quoted(...bytes: number[]): Uint8Array {
  return Buffer.concat([Buffer.from('"x":"'), Buffer.from(bytes), Buffer.from('"')])
}

function numbered(count: number): [name: string, value: number][] {
  return Array.from({ length: count }, (_, index) => [`c${index}`, index])
}

const REGISTERED: readonly HostileRow[] = [
  ['no iss', 'claims_refused', claims({ iss: undefined })],
  ['an iss that is a list', 'claims_refused', (w) => claims({ iss: [w.claims()['iss']] })(w)],
  ['no sub', 'claims_refused', claims({ sub: undefined })],
  ['an empty sub', 'claims_refused', claims({ sub: '' })],
  ['a sub that is a list', 'claims_refused', claims({ sub: ['root'] })],
  ['a sub with a line break', 'claims_refused', claims({ sub: 'job\nroot' })],
  ['a sub that turns the line around', 'claims_refused', claims({ sub: 'job\u{202e}toor' })],
  ['a sub of 601 characters', 'claims_refused', claims({ sub: 's'.repeat(601) })],
  ['no exp', 'claims_refused', claims({ exp: undefined })],
  ['an exp that is a text', 'claims_refused', claims({ exp: '4102444800' })],
  ['an exp before 1970', 'claims_refused', claims({ exp: -1 })],
  ['no iat', 'claims_refused', claims({ iat: undefined })],
  ['an nbf that is null', 'claims_refused', claims({ nbf: null })],
  ['a jti that is a number', 'claims_refused', claims({ jti: 1 })],
  ['an end that is now', 'expired', times({ exp: 0 })],
  ['an end a second ago', 'expired', times({ exp: -1 })],
  ['an end in milliseconds', 'expired', (w) => claims({ exp: (w.issuer.madeAt - 1) / 1000 })(w)],
  ['an iat in the future', 'not_yet_valid', times({ iat: 3600 })],
  ['an iat in milliseconds', 'not_yet_valid', (w) => claims({ iat: w.issuer.madeAt * 1000 })(w)],
  ['an nbf in the future', 'not_yet_valid', times({ nbf: 3600 })],
  ['an iat of the day before yesterday', 'too_old', times({ iat: -172_800 })],
  ['an iat that is too old for its entry', 'too_old', (w) => aged(w)],
]

function aged({ strict: key, strictClaims, issuer }: HostileWorld): string {
  return key.sign(strictClaims({ iat: issuer.madeAt - 601 }))
}

const AUDIENCES: readonly HostileRow[] = [
  ['no audience', 'audience_refused', claims({ aud: undefined })],
  ['no audience in a list', 'audience_refused', claims({ aud: [] })],
  ['two audiences', 'audience_refused', audience((own) => [own, 'sts.amazonaws.com'])],
  ['both of our audiences', 'audience_refused', audience((own) => [own, `${own}/token`])],
  ['one audience twice', 'audience_refused', audience((own) => [own, own])],
  ['an audience in a list in a list', 'audience_refused', audience((own) => [[own]])],
  ['an audience as a member', 'audience_refused', audience((own) => ({ [own]: true }))],
  ['two audiences in one', 'audience_refused', audience((own) => `${own} sts.amazonaws.com`)],
  ['an audience with a slash', 'audience_refused', audience((own) => `${own}/`)],
  ['an audience in capitals', 'audience_refused', audience((own) => own.toUpperCase())],
  ['an audience below ours', 'audience_refused', audience((own) => `${own}/token/x`)],
  ['the host as audience', 'audience_refused', audience((own) => new URL(own).origin)],
  ['a token for STS', 'audience_refused', claims({ aud: 'sts.amazonaws.com' })],
  ['a token for Entra', 'audience_refused', claims({ aud: 'api://AzureADTokenExchange' })],
  ['one for an API server', 'audience_refused', claims({ aud: 'https://kubernetes.default.svc' })],
  ['another audience of ours than its entry has', 'audience_refused', (w) => elsewhere(w)],
]

function elsewhere({ strict: key, strictClaims, issuer }: HostileWorld): string {
  return key.sign(strictClaims({ aud: issuer.issuer }))
}

const ISSUERS: readonly HostileRow[] = [
  ['an issuer that nobody trusts', 'issuer_unknown', claims({ iss: 'https://evil.example' })],
  ['an iss with a slash', 'issuer_unknown', (w) => claims({ iss: `${iss(w)}/` })(w)],
  ['an iss in capitals', 'issuer_unknown', (w) => claims({ iss: iss(w).toUpperCase() })(w)],
  ['an iss with a port', 'issuer_unknown', (w) => claims({ iss: `${iss(w)}:443` })(w)],
  ['another entry by iss alone', 'key_unknown', (w) => w.issuer.key.sign(w.rsaClaims())],
  ['the other issuer of this iss', 'condition_not_met', (w) => w.twin.sign(w.claims())],
  ['a token of our own for us', 'issuer_unknown', (w) => w.ours.minted],
  ['a token of a sibling for us', 'issuer_unknown', (w) => w.ours.mintedBySibling],
  ['a token of an exchange', 'audience_refused', (w) => w.ours.exchanged],
  ['our iss and kid by a stranger', 'issuer_unknown', (w) => asOurs(w)],
]

function iss({ claims: good }: HostileWorld): string {
  return String(good()['iss'])
}

function asOurs({ stranger, claims: good, issuer, ours }: HostileWorld): string {
  return stranger.sign(good({ iss: issuer.issuer }), { kid: ours.kid })
}

const POLICY: readonly HostileRow[] = [
  ['a condition of text', 'condition_not_met', strict({ let: 'true' })],
  ['a condition of 1', 'condition_not_met', strict({ let: 1 })],
  ['no condition', 'expression_failed', strict({ let: undefined })],
  ['a tag that is a list', 'expression_failed', strict({ team: ['payments', 'root'] })],
  ['a tag of 257 characters', 'limit_exceeded', strict({ team: 't'.repeat(257) })],
  ['a tag with other characters', 'limit_exceeded', strict({ team: 'a"b' })],
  ['a source identity of 65', 'limit_exceeded', strict({ actor: 'a'.repeat(65) })],
  ['a source identity with a space', 'limit_exceeded', strict({ actor: 'a b' })],
  ['a sub that is too long with its prefix', 'limit_exceeded', claims({ sub: 's'.repeat(600) })],
]

export const HOSTILE_CLAIMS: readonly HostileRow[] = [
  ...JSON_TEXTS,
  ...REGISTERED,
  ...AUDIENCES,
  ...ISSUERS,
  ...POLICY,
]
