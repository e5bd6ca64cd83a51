/**
 * All that the bench knows of Signet on AWS: services that stand in for AWS's own, hosts and issuers over them, and the
 * events of its functions.
 */

import { startKmsFake, type KmsFake } from '../test/support/aws/kms-fake.ts'
import { kmsAt, newWrappingKey, SIGNERS } from '../test/support/aws/kms-managers.ts'
import { startS3Fake, type S3Fake } from '../test/support/aws/s3-fake.ts'
import { storeOver } from '../test/support/aws/s3-stores.ts'
import { httpApiEvent } from '../test/support/hosts/lambda-events.ts'
import { kmsKeyManagers } from '../src/adapters/signers/kms-key-managers.ts'
import { systemClock } from '../src/clock.ts'
import { parseHostConfig } from '../src/config/host-config.ts'
import { timerDeadline } from '../src/deadline.ts'
import { createControlHost } from '../src/host/control-side.ts'
import type { Host } from '../src/host/host.ts'
import { ownRotation } from '../src/host/own-rotation.ts'
import type { KeyCustody } from '../src/signers/key-manager.ts'
import type { DocumentStore } from '../src/storage/document-store.ts'
import { HOST_NAME } from './host-name.ts'

const PUBLIC_URL = `https://${HOST_NAME}`
export const DEPLOYMENT = 'bench'
const ISSUER = 'bench'
const MINT = { subject: 'system:serviceaccount:bench:app', audience: 'sts.amazonaws.com' }

export interface Aws {
  readonly s3: S3Fake
  readonly kms: KmsFake
  close(): Promise<void>
}

/** Services with one RS256 issuer of custody `kms` in them, made as operators make one. */
export async function seedAws(): Promise<Aws> {
  const s3 = await startS3Fake()
  const kms = await startKmsFake()
  const host = await controlHostOver(storeOver(s3, { prefix: `${DEPLOYMENT}/` }), kms)
  await createIssuer(host, 'kms')
  const close = async () => {
    await Promise.all([s3.close(), kms.close()])
  }
  return { s3, kms, close }
}

/** As the CDN asks: with the host that it was asked for before the path. */
export function jwkSetEvent(): unknown {
  return httpApiEvent({ rawPath: `/${HOST_NAME}/${ISSUER}/.well-known/jwks.json` })
}

export function tokenEvent(): unknown {
  return httpApiEvent({
    method: 'POST',
    rawPath: tokensPath(ISSUER),
    headers: { Host: HOST_NAME, 'Content-Type': 'application/json' },
    body: JSON.stringify(MINT),
    iam: 'authenticated',
  })
}

/** The control API, open to whoever has the host, over keys of AWS KMS. */
export async function controlHostOver(documents: DocumentStore, kms: KmsFake): Promise<Host> {
  const problems: string[] = []
  const config = parseHostConfig({ PUBLIC_URL, DEPLOYMENT }, problems)
  if (config === undefined) throw new TypeError(problems.join('; '))
  const keyManagers = kmsKeyManagers({
    kms: kmsAt(kms.url),
    deployment: DEPLOYMENT,
    signers: SIGNERS,
    wrappingKey: await newWrappingKey(kms.url),
    defaultCustody: 'kms',
  })
  const common = { documents, publicIssuers: documents, keyManagers, log: () => {} }
  const { rotation } = ownRotation({ ...common, clock: systemClock, deadline: timerDeadline })
  return createControlHost({
    ...common,
    config,
    rotation,
    guard: async (_context, next) => next(),
  })
}

export async function createIssuer(host: Host, custody: KeyCustody): Promise<void> {
  await post(host, '/control/issuers', { id: ISSUER, policy: { custody } })
}

export async function mintToken(host: Host): Promise<void> {
  await post(host, tokensPath(ISSUER), MINT)
}

function tokensPath(id: string): string {
  return `/control/issuers/${id}/tokens`
}

async function post(host: Host, path: string, body: object): Promise<void> {
  const request = new Request(PUBLIC_URL + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const response = await host.fetch(request)
  if (!response.ok) throw new Error(`POST ${path} was refused: ${await response.text()}`)
}
