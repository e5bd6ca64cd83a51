/**
 * Whether a token may be issued, and what it must say: read once more from the rules, by `jose` and by hand, and by nothing
 * that decides it in the product.
 */

import { compactVerify, importJWK, type JWK } from 'jose'
import type { JsonObject } from '../../../src/json.ts'
import { START_SECONDS as NOW } from '../hosts/in-process.ts'
import type { SubjectKey } from '../subject-tokens.ts'
import { type Expression, NONE, type Reading } from './expressions.ts'
import { type FuzzEntry, GOOGLE, transitiveIn } from './policies.ts'
import type { FormFields } from './requests.ts'
import { SOURCES } from './sources.ts'

export interface Expected {
  /** All claims but `jti`. */
  readonly claims: JsonObject
  readonly issuedTokenType: string
}

const TYPE = 'urn:ietf:params:oauth:token-type:'
const TYPES = ['jwt', 'id_token', 'access_token']
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** `undefined` where nothing may be issued. */
export async function expectedOf(
  fields: FormFields,
  entries: readonly FuzzEntry[],
  issuer: string,
): Promise<Expected | undefined> {
  const asked = askedIn(fields)
  if (asked === undefined) return undefined
  const token = readToken(asked.token)
  if (token === undefined || !isGoodHeader(token.header, asked.type)) return undefined
  if (!isGood(token.claims) || !isInTime(token.claims)) return undefined
  const entry = await entryOf(asked.token, token, entries)
  if (entry === undefined || !isFor(entry, token.claims, issuer)) return undefined
  if (NOW - Number(token.claims['iat']) > (entry.maxAgeSeconds ?? 90_000)) return undefined
  const { claims } = token
  const reading = {
    claims,
    entryName: entry.name,
    audience: asked.audience,
    subjectTokenType: asked.type,
  }
  const said = saidBy(entry, reading, entries.length)
  const ttl = lifetime(entry, Number(claims['exp']))
  if (said === undefined || ttl === undefined) return undefined
  const iat = NOW - 5
  const times = { iat, nbf: iat, exp: iat + ttl }
  return {
    claims: { iss: issuer, aud: asked.audience, ...times, ...said },
    issuedTokenType: TYPE + asked.issuedType,
  }
}

/** Whether a request has a token of one of the sources, for this issuer and good now, whatever a policy makes of it. */
export async function isAuthentic(fields: FormFields, issuer: string): Promise<boolean> {
  const asked = askedIn(fields)
  const token = asked && readToken(asked.token)
  if (token === undefined || !isGoodHeader(token.header, asked?.type ?? '')) return false
  const { claims, header } = token
  if (!isGood(claims) || !isInTime(claims) || !isFor({ audience: 'either' }, claims, issuer)) {
    return false
  }
  const keys = SOURCES.flatMap((source) => source.keys).filter(({ kid }) => kid === header['kid'])
  const verified = await Promise.all(keys.map((key) => verifies(asked?.token ?? '', key)))
  return verified.includes(true)
}

function askedIn(fields: FormFields) {
  const names = fields.map(([name]) => name)
  if (new Set(names).size < names.length) return undefined
  const form = new Map(fields.filter(([, value]) => value !== ''))
  const refused = ['actor_token', 'actor_token_type', 'scope', 'client_secret', 'client_assertion']
  if (refused.some((name) => form.has(name))) return undefined
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:token-exchange') return undefined
  const typed = (name: string) => TYPES.find((type) => TYPE + type === form.get(name))
  const type = typed('subject_token_type')
  const issuedType = form.has('requested_token_type') ? typed('requested_token_type') : 'jwt'
  const token = form.get('subject_token')
  const audience = form.get('audience') ?? form.get('resource')
  if (form.has('audience') && form.has('resource')) return undefined
  // A resource is a URI.
  if (form.has('resource') && !/^[a-z]+:/.test(form.get('resource') ?? '')) return undefined
  if (!token || !type || !issuedType || !audience) return undefined
  return { token, type, issuedType, audience }
}

interface ReadToken {
  readonly header: JsonObject
  readonly claims: JsonObject
}

function readToken(text: string): ReadToken | undefined {
  const parts = text.split('.')
  if (text.length > 16_384 || parts.length !== 3) return undefined
  if (parts.some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part)) {
    return undefined
  }
  const [first = '', second = ''] = parts
  // Expressions read claims that are half as deep.
  const header = readObject(Buffer.from(first, 'base64url'), 16)
  const claims = readObject(Buffer.from(second, 'base64url'), 8)
  return header && claims && { header, claims }
}

function readObject(bytes: Buffer, depthMax: number): JsonObject | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && isBearable(value, depthMax) && membersIn(value) === membersOf(text)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

/** As many as are written, where none is written twice. */
function membersOf(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/gu)].filter(([, colon]) => colon).length
}

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const below = Object.values(value).reduce<number>((sum, each) => sum + membersIn(each), 0)
  return below + (Array.isArray(value) ? 0 : Object.keys(value).length)
}

function isBearable(value: unknown, depthLeft: number): boolean {
  if (typeof value === 'string') return value.length <= 4096 && value.isWellFormed()
  if (typeof value === 'number') return Math.abs(value) < 2 ** 53
  if (typeof value !== 'object' || value === null) return true
  const names = Object.keys(value)
  return (
    depthLeft > 0 &&
    names.length <= 100 &&
    !(names.includes('__proto__') && !Array.isArray(value)) &&
    Object.values(value).every((each) => isBearable(each, depthLeft - 1))
  )
}

function isGoodHeader({ alg, kid, typ, ...more }: JsonObject, type: string): boolean {
  if (['crit', 'jku', 'jwk', 'x5u'].some((name) => name in more)) return false
  if (typeof kid !== 'string' || !/^[!-~]{1,255}$/.test(kid)) return false
  if (typeof alg !== 'string' || !ALGORITHMS.includes(alg)) return false
  if (typ === undefined) return true
  if (typeof typ !== 'string') return false
  const allowed = type === 'access_token' ? ['jwt', 'at+jwt'] : ['jwt']
  return allowed.flatMap((name) => [name, `application/${name}`]).includes(typ.toLowerCase())
}

const isMoment = (value: unknown): value is number => typeof value === 'number' && value >= 0

function isGood({ iss, sub, iat, exp, nbf, jti }: JsonObject): boolean {
  const texts = [
    [iss, 255],
    [sub, 600],
  ] as const
  return (
    texts.every(
      ([text, max]) =>
        typeof text === 'string' && isOfLength(text, 1, max) && !UNPRINTABLE.test(text),
    ) &&
    [iat, exp].every(isMoment) &&
    (nbf === undefined || isMoment(nbf)) &&
    (jti === undefined || typeof jti === 'string')
  )
}

function isOfLength(text: string, min: number, max: number): boolean {
  return text.length >= min && text.length <= max
}

function isInTime({ iat, exp, nbf = 0 }: JsonObject): boolean {
  return Math.floor(Number(exp)) > NOW && Number(iat) <= NOW + 60 && Number(nbf) <= NOW + 60
}

function isFor(
  { audience }: Pick<FuzzEntry, 'audience'>,
  { aud }: JsonObject,
  issuer: string,
): boolean {
  const allowed = {
    either: [issuer, `${issuer}/token`],
    issuer: [issuer],
    endpoint: [`${issuer}/token`],
  }
  const [one, ...more] = Array.isArray(aud) ? (aud as unknown[]) : [aud]
  return more.length === 0 && allowed[audience].some((url) => url === one)
}

/** The one whose key it is, unless another one has it too. */
async function entryOf(text: string, { header, claims }: ReadToken, entries: readonly FuzzEntry[]) {
  const found: (readonly [FuzzEntry, SubjectKey])[] = []
  for (const entry of entries) {
    const { source, algorithms } = entry
    if (source.issuer !== claims['iss'] || source.isDown === true) continue
    if (!algorithms.includes(String(header['alg']))) continue
    for (const key of source.keys) {
      if (key.kid === header['kid'] && (await verifies(text, key))) found.push([entry, key])
    }
  }
  const [first, second] = found
  if (first === undefined || second !== undefined) return undefined
  const [entry, key] = first
  const others = entries.filter((other) => other !== entry && other.source.by === 'jwks')
  return others.some(({ source }) => source.keys.includes(key)) ? undefined : entry
}

async function verifies(text: string, { jwk, alg }: SubjectKey): Promise<boolean> {
  try {
    await compactVerify(text, await importJWK(jwk as JWK, alg), { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}

function saidBy(entry: FuzzEntry, reading: Reading, entryCount: number): JsonObject | undefined {
  if (!entry.audiences.includes(reading.audience)) return undefined
  if (entry.condition.value(reading) !== true) return undefined
  const sub = entry.subject.value(reading)
  if (!isSubject(sub, reading, entryCount)) return undefined
  const valuesOf = (all: Readonly<Record<string, Expression>>) =>
    Object.entries(all).map(([name, { value }]) => [name, value(reading)] as const)
  const tags = valuesOf(entry.tags)
  const identity = entry.sourceIdentity?.value(reading)
  const further = valuesOf(entry.claims)
  if (!tags.every(([, value]) => isTag(value))) return undefined
  if (entry.sourceIdentity !== undefined && !isIdentity(identity)) return undefined
  if (further.some(([, value]) => value === NONE)) return undefined
  const transitive = transitiveIn(entry)
  const sessionTags = {
    principal_tags: Object.fromEntries(tags.map(([name, value]) => [name, [value]])),
    ...(transitive === undefined ? {} : { transitive_tag_keys: transitive }),
  }
  return {
    sub,
    ...Object.fromEntries(further),
    ...(tags.length === 0 ? {} : { 'https://aws.amazon.com/tags': sessionTags }),
    ...(entry.sourceIdentity === undefined
      ? {}
      : { 'https://aws.amazon.com/source_identity': identity }),
  }
}

function isSubject(sub: unknown, { audience, entryName }: Reading, entryCount: number): boolean {
  if (typeof sub !== 'string' || !isOfLength(sub, 1, 600)) return false
  if (UNPRINTABLE.test(sub) || sub.trim() !== sub) return false
  if (audience === GOOGLE && Buffer.byteLength(sub) > 127) return false
  return entryCount === 1 || [':', '/'].some((end) => sub.startsWith(entryName + end))
}

function isTag(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length <= 256 &&
    /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]*$/u.test(value)
  )
}

function isIdentity(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9_+=,.@-]{2,64}$/.test(value)
}

function lifetime({ ttl = 3600, mayOutliveSubject }: FuzzEntry, exp: number): number | undefined {
  const left = mayOutliveSubject ? Infinity : Math.floor(exp) - (NOW - 5)
  const seconds = Math.min(ttl, left)
  return seconds < 60 ? undefined : seconds
}
