/**
 * The issuer identifier: the URL that is `iss` (OpenID Connect Core §2, RFC 8414 §2).
 *
 * https without query, fragment or trailing slash; plain http for loopback hosts alone, which is local
 * development. Relying parties compare it byte by byte, so it is kept as it was given.
 */

import { ISSUER_IDENTIFIER_CHARS_MAX } from '../limits.ts'
import { shown } from '../printable.ts'

/** Whole: its normal form may be three times as long. */
const SHOWN_URL_CHARS_MAX = 4 * ISSUER_IDENTIFIER_CHARS_MAX

/** Spellings of one URL that others would read as another's (RFC 3986 §6.2.2): so that each has one. */
const ODD_SPELLINGS = [
  { pattern: /[^\x21-\x7e]/, rule: 'be ASCII without spaces' },
  { pattern: /%(?![0-9A-F]{2})/, rule: 'have escapes of two upper-case hex digits' },
  {
    pattern: /%(?:2D|2E|3\d|4[1-9A-F]|5[\dA]|5F|6[1-9A-F]|7[\dAE])/,
    rule: 'escape no letter, digit, hyphen, dot, underscore or tilde',
  },
  { pattern: /^[^/]*\/\/[^/:]*\.(?:[/:]|$)/, rule: 'have no dot at the end of its host' },
] as const

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

export function isLoopbackUrl(url: URL): boolean {
  return LOOPBACK_HOSTS.has(url.hostname)
}

/** The identifier of an issuer that lives below the installation's own URL. */
export function issuerIdentifier(publicUrl: string, id: string): string {
  return `${publicUrl}/${id}`
}

/** What is wrong with a URL as an issuer identifier or as the base of some, or `undefined`. */
export function identifierProblem(name: string, text: string): string | undefined {
  return urlProblem(name, text) ?? normalFormProblem(name, text, text)
}

/**
 * What is wrong with a URL of an issuer's own, which may be in use already: so a host in mixed case stays as it is.
 */
export function ownIdentifierProblem(name: string, text: string): string | undefined {
  return (
    urlProblem(name, text) ??
    normalFormProblem(name, text, withHostInLowerCase(text)) ??
    reservedPathProblem(name, text) ??
    spellingProblem(name, text)
  )
}

function urlProblem(name: string, text: string): string | undefined {
  if (text.length > ISSUER_IDENTIFIER_CHARS_MAX) {
    return `${name} must have at most ${ISSUER_IDENTIFIER_CHARS_MAX} characters (the limit of IAM), got ${text.length}: shorten the path`
  }
  // Before anything is shown of it: credentials and queries may be secrets.
  if (/[?#@]/.test(text)) {
    return `${name} must have no query, fragment or credentials, got one of ?, # and @ in it: remove it`
  }
  const url = URL.parse(text)
  const given = `got ${shown(text, SHOWN_URL_CHARS_MAX)}`
  if (url === null) return `${name} must be a URL such as https://oidc.example.com, ${given}`
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackUrl(url))) {
    return `${name} must use https (http is for loopback hosts alone), ${given}`
  }
  if (text.endsWith('/') || url.pathname.includes('//')) {
    return `${name} must have no trailing and no double slash, ${given}: remove it`
  }
  return undefined
}

/** `comparable`: the text, but for what may differ from the form that URL parsers make of it. */
function normalFormProblem(name: string, text: string, comparable: string): string | undefined {
  const { href } = new URL(text)
  if (href === comparable || href === `${comparable}/`) return undefined
  const normal = shown(href.replace(/\/$/, ''), SHOWN_URL_CHARS_MAX)
  return `${name} must be written in its normal form, got ${shown(text, SHOWN_URL_CHARS_MAX)}: use ${normal}`
}

function withHostInLowerCase(text: string): string {
  return text.replace(/^https?:\/\/[^/]*/, (origin) => origin.toLowerCase())
}

function spellingProblem(name: string, text: string): string | undefined {
  const odd = ODD_SPELLINGS.find(({ pattern }) => pattern.test(text))
  if (odd === undefined) return undefined
  return `${name} must ${odd.rule}, got ${shown(text, SHOWN_URL_CHARS_MAX)}: write it in the one form that every relying party compares`
}

/** Paths at which something else is answered than an issuer's documents. */
function reservedPathProblem(name: string, text: string): string | undefined {
  // Routers compare a path with its escapes decoded.
  const segments = new URL(text).pathname
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll(/%[0-7][\dA-F]/gi, decodeURIComponent))
  if (segments[0] !== 'control' && !segments.includes('.well-known')) return undefined
  return `${name} must not begin with /control nor have .well-known in its path (this host answers something else there), got ${shown(text, SHOWN_URL_CHARS_MAX)}: choose another path`
}
