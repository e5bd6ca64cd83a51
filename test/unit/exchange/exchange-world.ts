/**
 * A token endpoint over fakes that count: one issuer, one subject key, policies made by hand, and a clock that stands still.
 */

import { expect } from 'vitest'
import type { PublicCopy } from '../../../src/issuers/issuer-document.ts'
import { type ExchangeDeps } from '../../../src/exchange/exchange-token.ts'
import type { AskedIssuer } from '../../../src/http/asked-issuer.ts'
import { newApp } from '../../../src/http/new-app.ts'
import { tokenEndpoint } from '../../../src/http/token-endpoint.ts'
import { publicCopyOf } from '../../../src/issuers/issuer-document.ts'
import type { LogFields, LogLevel } from '../../../src/log.ts'
import type { CompiledEntry } from '../../../src/policies/compiled-policy.ts'
import type { CompiledExpression, ExpressionInput } from '../../../src/policies/expression.ts'
import type { ExchangeCopy } from '../../../src/reading/exchange-copies.ts'
import { subjectVerifier } from '../../../src/subject-tokens/verify-subject-token.ts'
import { type FakeKeyManager, fakeKeyManager, anIssuer, NOW } from '../../support/fixtures.ts'
import {
  newSubjectKey,
  SUBJECT_ISSUER,
  subjectClaims,
  type SubjectKey,
} from '../../support/subject-tokens.ts'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt'
export const AWS_AUDIENCE = 'sts.amazonaws.com'

export const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/

export interface Logged {
  readonly level: LogLevel
  readonly event: string
  readonly fields: LogFields
}

export interface WorldOptions {
  /** What is loaded, one a load; the last one again and again. Default: an issuer with one entry. */
  readonly copies?: readonly (ExchangeCopy | undefined | Error)[]
  /** Default: the public copy of an issuer. */
  readonly publicCopy?: PublicCopy | undefined | Error
  readonly inMemory?: PublicCopy | undefined
  readonly keyManager?: FakeKeyManager
  readonly deps?: Partial<ExchangeDeps>
}

export interface World {
  readonly key: SubjectKey
  readonly keyManager: FakeKeyManager
  readonly logged: Logged[]
  /** Ids, as they were loaded and forgotten. */
  readonly loads: string[]
  readonly clock: { seconds: number }
  readonly reads: () => number
  send(request: Request): Promise<Response>
  /** A good form with changes; `undefined` leaves a parameter out. */
  ask(changes?: Readonly<Record<string, string | undefined>>): Promise<Response>
}

/** One for all tests: it is nobody's secret, and making one takes its time. */
export const SUBJECT_KEY = newSubjectKey('ES256', 'subject-key')

export function exchangeWorld(options: WorldOptions = {}): World {
  const {
    copies = [aCopy()],
    keyManager = fakeKeyManager({ sign: async () => new Uint8Array(64) }),
  } = options
  const { inMemory } = options
  const publicCopy = 'publicCopy' in options ? options.publicCopy : publicCopyOf(anIssuer())
  const logged: Logged[] = []
  const loads: string[] = []
  const clock = { seconds: NOW }
  let loadCount = 0
  let readCount = 0
  const endpoint = tokenEndpoint({
    copies: {
      load: async (id) => {
        loads.push(`load ${id}`)
        const copy = copies[Math.min(loadCount, copies.length - 1)]
        loadCount += 1
        if (copy instanceof Error) throw copy
        return copy
      },
      forget: (id) => void loads.push(`forget ${id}`),
    },
    verifier: subjectVerifier({
      remote: { keysOf: async () => ({ ok: false, message: 'nobody is there' }) },
    }),
    keyManagers: keyManager,
    isOwnUrl: (url) => url.startsWith('https://oidc.example.com'),
    clock: { now: () => clock.seconds },
    log: (level, event, fields = {}) => void logged.push({ level, event, fields }),
    stopwatch: stopwatchOf(12.345),
    ...options.deps,
  })
  const issuer: AskedIssuer = {
    read: async () => {
      readCount += 1
      if (publicCopy instanceof Error) throw publicCopy
      return publicCopy
    },
    readFromMemory: () => inMemory,
  }
  const app = newApp()
  app.all('*', (c) => endpoint.answer(c, issuer))
  app.onError((error, c) => c.json({ error: error.name }, 500))
  return {
    key: SUBJECT_KEY,
    keyManager,
    logged,
    loads,
    clock,
    reads: () => readCount,
    send: async (request) => app.fetch(request),
    ask: async (changes) => app.fetch(formRequest(goodForm(changes))),
  }
}

/** Between any two looks at it so many milliseconds have passed. */
function stopwatchOf(milliseconds: number): () => number {
  let shown = 0
  return () => {
    shown += milliseconds
    return shown
  }
}

export function aCopy(changes: Partial<ExchangeCopy> = {}): ExchangeCopy {
  return { stored: anIssuer(), policy: { entries: [anEntry()] }, ...changes }
}

/** Takes the tokens of `SUBJECT_KEY` for AWS. */
export function anEntry({
  token,
  ...members
}: Partial<Omit<CompiledEntry, 'token'>> & {
  readonly token?: Partial<CompiledEntry['token']>
} = {}): CompiledEntry {
  return {
    name: 'cluster',
    issuer: SUBJECT_ISSUER,
    keys: { type: 'jwks', keys: [SUBJECT_KEY] },
    algorithms: ['ES256'],
    audience: undefined,
    maxAgeSeconds: 90_000,
    condition: expression(() => true),
    ...members,
    token: {
      subject: expression(({ claims }) => claims['sub']),
      tags: [],
      transitiveTags: [],
      sourceIdentity: undefined,
      claims: [],
      audiences: [AWS_AUDIENCE],
      ttl: undefined,
      mayOutliveSubject: false,
      ...token,
    },
  }
}

export function expression(value: (input: ExpressionInput) => unknown): CompiledExpression {
  return {
    source: 'by hand',
    constant: undefined,
    startsWithEntryName: false,
    steps: 0,
    evaluate: (input) => ({ ok: true, value: value(input) }),
  }
}

export function goodForm(
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const form: Record<string, string | undefined> = {
    grant_type: TOKEN_EXCHANGE,
    subject_token: SUBJECT_KEY.sign(subjectClaims()),
    subject_token_type: JWT_TYPE,
    audience: AWS_AUDIENCE,
    ...changes,
  }
  const given = Object.entries(form).filter((member): member is [string, string] => {
    return member[1] !== undefined
  })
  return Object.fromEntries(given)
}

export function formRequest(
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Request {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return new Request('https://oidc.example.com/prod/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body,
  })
}

export async function bodyOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  return (await response.json()) as Readonly<Record<string, unknown>>
}

export function onlyRecord({ logged }: World): Logged {
  expect(logged.map(({ event }) => event)).toHaveLength(1)
  return logged[0] ?? { level: 'error', event: '', fields: {} }
}
