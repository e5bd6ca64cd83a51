/**
 * A control API of a few routes behind its guard and its audit, and credentials that are judged as a test says.
 */

import type { ControlAccess, ControlEnv } from '../../../src/control-access/control-access.ts'
import { controlAudit } from '../../../src/control-access/control-audit.ts'
import { controlGuard } from '../../../src/control-access/control-guard.ts'
import type { ControlTokens } from '../../../src/control-access/control-tokens.ts'
import { utf8 } from '../../../src/crypto/base64url.ts'
import { sha256 } from '../../../src/crypto/digest.ts'
import { Fault } from '../../../src/errors.ts'
import { errorResponse } from '../../../src/http/errors.ts'
import { newApp } from '../../../src/http/new-app.ts'

export const SECRET = 'marked-control-secret'
export const TOKEN = 'marked-header.marked-claims.marked-signature'
export const AUDIENCE = 'https://oidc.example.com/control'
export const verified = {
  grant: 'ci',
  issuer: 'https://ci.example.net',
  subject: 'job:1',
  audience: AUDIENCE,
  jti: 'j-1',
  kid: 'ci-key',
}
export const principal = {
  kind: 'token',
  allows: [{ actions: ['rotate', 'read'], issuers: ['prod'] }],
} as const

type Judgement = Omit<ControlAccess, 'token'> & { readonly verified?: typeof verified }

/** Judges each token alike, and remembers it. */
export function judging(judgement: Judgement): ControlTokens & { readonly asked: string[] } {
  const { verified: facts, ...access } = judgement
  const asked: string[] = []
  return {
    audience: AUDIENCE,
    asked,
    judge: async (token, digest) => {
      asked.push(token)
      return { ...access, token: { sha256: digest, ...(facts && { verified: facts }) } }
    },
  }
}

export const MINTED = {
  token: 'marked-minted',
  iss: 'https://marked',
  sub: 'arn:aws:iam::123456789012:role/ci',
  aud: ['123456789012'],
  exp: 1_800_003_600,
  jti: 'j-2',
  kid: 'kid-2',
  alg: 'RS256',
}

export interface World {
  readonly secret?: string
  readonly tokens?: ControlTokens
}

/** By default for a rotation of issuer `prod`. */
export interface Asked {
  readonly method?: string
  readonly path?: string
  /** As the rotation answers. */
  readonly dryRun?: boolean
  /** Sent as a bearer token. */
  readonly credential?: string
}

export interface Answered {
  readonly response: Response
  readonly body: Record<string, unknown>
  readonly records: Record<string, unknown>[]
}

export async function ask({ secret, tokens }: World, request: Asked = {}): Promise<Answered> {
  const {
    method = 'POST',
    path = '/control/issuers/prod/rotate',
    dryRun = false,
    credential,
  } = request
  const records: Record<string, unknown>[] = []
  let milliseconds = 100
  const secretDigest = secret === undefined ? undefined : await sha256(utf8(secret))
  const app = newApp<ControlEnv>()
  app.use(
    controlAudit({
      log: (level, event, fields) => records.push({ level, event, ...fields }),
      stopwatch: () => (milliseconds += 7.456),
    }),
    controlGuard({ secretDigest, tokens }),
  )
  app.get('/control/issuers', (c) => c.json({ id: 'marked-list', error: 'marked-error' }))
  app.post('/control/issuers', (c) => c.json({ id: 'made', issuer: 'https://made' }, 201))
  app.post('/control/issuers/:id/rotate', (c) =>
    c.json({ id: 'prod', revision: 7, dryRun, kid: 'marked-kid' }),
  )
  app.post('/control/issuers/:id/tokens', (c) => c.json(MINTED, 201))
  app.patch('/control/issuers/:id', (c) => errorResponse(c, 412, 'revision_conflict', 'is at 7'))
  app.put('/control/issuers/:id/policy', () => {
    throw new Fault('storage_unavailable', 'marked-message')
  })
  app.onError((_error, c) => errorResponse(c, 503, 'storage_unavailable', 'try again'))
  const headers = credential === undefined ? {} : { Authorization: `Bearer ${credential}` }
  const response = await app.request(path, { method, headers })
  const text = await response.clone().text()
  return { response, body: text.startsWith('{') ? JSON.parse(text) : {}, records }
}

export const both = { secret: SECRET, tokens: judging({ principal, verified }) }
export const admitted = { tokens: judging({ principal, verified }) }
