/**
 * What a function is first asked, by Signet and by a bare handler, and whether both answer alike.
 */

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { dirname } from 'node:path'
import type { LambdaName } from '../../functions/bundle.ts'
import { type Aws, jwkSetEvent, tokenEvent } from '../aws-seed.ts'
import { BARE_ENTRIES, bundleInto } from './bundles.ts'
import { type ColdStart, type LambdaFunction, type LambdaRuntime, coldStart } from './cold-start.ts'
import { deployedFunctions } from './deployed.ts'

export interface Errand {
  readonly name: string
  readonly signet: LambdaFunction
  readonly bare: LambdaFunction
  /** Of Signet's CPU time over the bare handler's. */
  readonly ratioMax: number
  /** Throws unless both answers are right. */
  readonly check: (signet: Answer, bare: Answer) => Promise<void>
}

export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export async function errandsOf(directory: string, aws: Aws): Promise<Errand[]> {
  const deployed = await deployedFunctions(aws)
  /** The bare handler has the environment of the function that it stands beside. */
  const pairOf = async (name: LambdaName, bare: keyof typeof BARE_ENTRIES, event: unknown) => {
    const signet = { name, ...deployed(name), event }
    const bareName = `bare-${bare}`
    const file = await bundleInto(directory, bareName, BARE_ENTRIES[bare])
    return { signet, bare: { ...signet, name: bareName, directory: dirname(file) } }
  }
  const documents = await pairOf('http', 'documents', jwkSetEvent())
  const token = await pairOf('control', 'token', tokenEvent())
  let published: JSONWebKeySet = { keys: [] }
  return [
    {
      ...documents,
      name: 'JWK Set',
      ratioMax: 1.1,
      check: async (signet, bare) => {
        assertAlike(signet, bare, (body) => body)
        published = JSON.parse(signet.body) as JSONWebKeySet
        if (published.keys.length !== 1) throw new Error(`no JWK Set of one key: ${signet.body}`)
      },
    },
    {
      ...token,
      name: 'first token',
      ratioMax: 1.15,
      check: async (signet, bare) => {
        const keys = createLocalJWKSet(published)
        for (const { body } of [signet, bare]) await jwtVerify(tokenOf(body), keys)
        assertAlike(signet, bare, (body) => Object.keys(JSON.parse(body) as object).join())
      },
    },
  ]
}

/** Rejects unless the answer is one of success. */
export async function start(runtime: LambdaRuntime, asked: LambdaFunction): Promise<ColdStart> {
  const started = await coldStart(runtime, asked)
  const { statusCode, body } = JSON.parse(started.answer) as Answer
  if (statusCode >= 200 && statusCode < 300) return started
  throw new Error(`${asked.name} answered with status ${statusCode}: ${body}`)
}

/** Rejects unless both handlers answer alike after the same calls; resolves to these. */
export async function rehearse(
  runtime: LambdaRuntime,
  { name, signet, bare, check }: Errand,
  { s3, kms }: Aws,
): Promise<string> {
  const ask = async (asked: LambdaFunction) => {
    const before = [s3.calls.length, kms.calls.length] as const
    const { answer } = await start(runtime, asked)
    const calls = [...s3.calls.slice(before[0]), ...kms.calls.slice(before[1])]
    return { answer: JSON.parse(answer) as Answer, calls: calls.join(', ') }
  }
  const [ours, theirs] = [await ask(signet), await ask(bare)]
  await check(ours.answer, theirs.answer)
  if (ours.calls !== theirs.calls) {
    throw new Error(`${name}: Signet calls ${ours.calls}, and the bare handler ${theirs.calls}`)
  }
  return ours.calls
}

function assertAlike(a: Answer, b: Answer, shapeOf: (body: string) => string): void {
  const [one, other] = [a, b].map(({ statusCode, headers, body }) =>
    JSON.stringify([statusCode, namesAndValues(headers), shapeOf(body)]),
  )
  if (one !== other) throw new Error(`the answers are not alike:\n${one}\n${other}`)
}

function namesAndValues(headers: Answer['headers']): string[] {
  return Object.entries(headers)
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .toSorted()
}

function tokenOf(body: string): string {
  const { token } = JSON.parse(body) as { readonly token?: unknown }
  if (typeof token === 'string') return token
  throw new Error(`no token: ${body}`)
}
