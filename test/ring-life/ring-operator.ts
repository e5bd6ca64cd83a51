/**
 * Whoever operates an issuer through the control API of a world, wherever it is reached.
 */

import { expect } from 'vitest'
import type { RingView } from '../../src/control/ring-view.ts'
import type { OwnKeyView } from '../../src/control/key-views.ts'
import type { IssuerPolicy } from '../../src/issuers/policy.ts'
import { AUDIENCE, type HeldToken } from './relying-party.ts'
import { type Place, PLACES, type RingWorld } from './ring-world.ts'

export interface RingOperator {
  readonly id: string
  readonly issuer: string
  /** Resolves to the status of the answer. */
  create(policy: Partial<IssuerPolicy>): Promise<number>
  change(policy: Partial<IssuerPolicy>): Promise<void>
  adopt(jwks: object): Promise<void>
  ring(place?: Place): Promise<RingView>
  mint(place: Place, ttlSeconds: number): Promise<HeldToken>
  delete(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

interface Minted {
  readonly token: string
  readonly kid: string
  readonly alg: string
  readonly exp: number
}

/** `policy`: what differs from that of the host. */
export async function createdIssuer(
  world: RingWorld,
  policy: Partial<IssuerPolicy>,
): Promise<RingOperator> {
  const operator = newOperator(world)
  expect(await operator.create(policy)).toBe(201)
  return operator
}

/** Of an issuer that is not there yet. */
export function newOperator(world: RingWorld): RingOperator {
  const id = `t-${crypto.randomUUID()}`
  const path = `/issuers/${id}`

  async function done<Body>(method: string, rest: string, json?: object, place = PLACES[0]) {
    const answer = await call(world, place, [method, `${path}${rest}`], json)
    expect(answer).toMatchObject({ status: 200 })
    return answer.body as Body
  }

  return {
    id,
    issuer: `${world.publicUrl}/${id}`,
    create: async (policy) => {
      const { status } = await call(world, PLACES[0], ['POST', '/issuers'], { id, policy })
      return status
    },
    change: async (changed) => {
      await done('PATCH', '', { policy: changed })
    },
    adopt: async (jwks) => {
      await done('PUT', '/adopted-keys', jwks)
    },
    ring: (place) => done<RingView>('GET', '/keys', undefined, place),
    delete: async () => {
      await done('DELETE', '')
    },
    mint: async (place, ttlSeconds) => {
      const json = { subject: 'someone', audience: AUDIENCE, ttlSeconds }
      const minted = await call(world, place, ['POST', `${path}/tokens`], json)
      expect(minted).toMatchObject({ status: 201 })
      const { token, kid, alg, exp } = minted.body as Minted
      return { jwt: token, kid, alg, expiresAt: exp }
    },
  }
}

/** The keys of its own that a ring has. */
export function ownKeys({ keys }: RingView): OwnKeyView[] {
  return keys.filter((key) => key.origin === 'own')
}

/** The longest lifetime of a token that may be minted now. */
export function mintableSeconds({ policy, settling }: RingView): number {
  const { tokenTtlMaxSeconds } = policy
  if (settling === undefined || settling.seenAt !== undefined) return tokenTtlMaxSeconds
  return Math.min(tokenTtlMaxSeconds, settling.mintedTtlMaxSeconds)
}

async function call(
  world: RingWorld,
  place: Place,
  [method, path]: readonly [string, string],
  json?: object,
): Promise<Answer> {
  const type = path.endsWith('/adopted-keys') ? 'application/jwk-set+json' : 'application/json'
  const request = new Request(`${world.publicUrl}/control${path}`, {
    method,
    ...(json === undefined
      ? {}
      : { body: JSON.stringify(json), headers: { 'Content-Type': type } }),
  })
  const response = await world.request(place, request)
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
