import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam'
import { KMSClient, ListKeysCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms'
import { createPublicKey, randomUUID, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { kmsOverSdk } from '../../src/adapters/aws/kms-sdk.ts'
import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { lazyS3 } from '../../src/adapters/aws/s3-calls.ts'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { s3Store } from '../../src/adapters/storage/s3.ts'
import { clusterKey, jwkSet } from '../support/hosts/cluster-keys.ts'
import {
  adopt,
  bodyOf,
  control,
  createIssuer,
  mintToken,
  publishedKids,
} from '../support/hosts/control-client.ts'
import { type InProcessHost, inProcessHost } from '../support/hosts/in-process.ts'
import { CREDENTIALS, REGION, startedServices } from './endpoints.ts'
import { kmsOfMoto, signedByMoto } from './moto-kms.ts'
import { SIGNERS } from '../support/aws/kms-managers.ts'
import { freshBucket } from './s3-buckets.ts'

const AUDIENCE = 'sts.amazonaws.com'
const PUBLIC_URL = 'https://oidc.signet.internal'

/** Keys and providers are those of moto, wherever the documents are. */
for (const { url: endpoint } of startedServices(['moto'])) {
  const options = { region: REGION, endpoint, credentials: CREDENTIALS }
  const keysOf = keysTaggedWith(new KMSClient(options))
  const iam = new IAMClient(options)

  /** An instance, and how to make others over the same documents and keys. */
  async function hostsOver(url: string, deployment: string) {
    const { bucket } = await freshBucket(url)
    const kms = retryingKms(kmsOfMoto(kmsOverSdk(options)))
    const instance = (controlSecret?: string): InProcessHost =>
      inProcessHost({
        publicUrl: PUBLIC_URL,
        store: s3Store({ calls: lazyS3({ ...options, endpoint: url }), bucket, prefix: 'test/' }),
        keyManager: kmsKeyManager({ kms, deployment, signers: SIGNERS }),
        ...(controlSecret !== undefined && { controlSecret }),
      })
    const host = instance()
    return { host, another: () => instance(host.controlSecret) }
  }

  describe.each(startedServices())('an issuer with its documents in $name', ({ url }) => {
    describe.each(['RS256', 'ES256'])('and keys for %s in the KMS of moto', (algorithm) => {
      test('is made, registered, changed, followed by keys of a cluster, and deleted', async () => {
        const deployment = `test-${randomUUID()}`
        const { host, another } = await hostsOver(url, deployment)
        const { id, issuer } = await createIssuer(host, { algorithm, custody: 'kms' })
        expect(await keysOf(deployment)).toHaveLength(1)

        const [kid = ''] = await publishedKids(host, id)
        expect(await publishedKids(another(), id)).toEqual([kid])
        const token = await mintToken(host, id, { audience: AUDIENCE })
        expect(await isSignedBy(host, id, token)).toBe(true)

        const arn = await register(iam, issuer)
        expect(await providerOf(iam, arn)).toEqual({
          url: issuer.replace('https://', ''),
          audiences: [AUDIENCE],
        })

        const changed = await control(host, 'PATCH', `/issuers/${id}`, {
          json: { policy: { tokenTtlMaxSeconds: 1800 } },
        })
        expect(changed).toMatchObject({ status: 200 })
        const stale = await control(another(), 'PATCH', `/issuers/${id}`, {
          json: { policy: { tokenTtlMaxSeconds: 900 } },
          headers: { 'If-Match': '"1"' },
        })
        expect(stale.status).toBe(412)

        const key = clusterKey('P-256')
        expect((await adopt(host, id, { keys: jwkSet(key) })).status).toBe(200)
        expect(await publishedKids(host, id)).toEqual([kid, key.jwk.kid])

        const deleted = await control(host, 'DELETE', `/issuers/${id}`)
        expect(deleted).toMatchObject({ status: 200 })
        await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))
        expect(await arns(iam)).not.toContain(arn)

        const last = another()
        const document = await last.request('GET', `/${id}/.well-known/openid-configuration`)
        expect(document.status).toBe(410)
        const tombstones = await control(last, 'GET', '/issuers?deleted=true')
        expect(bodyOf(tombstones)).toMatchObject({ issuers: [{ id, issuer }], next: null })
        const made = await control(last, 'POST', '/issuers', { json: { id } })
        expect(made.status).toBe(410)
      })
    })
  })
}

/** Of an installation, the keys that moto has. */
function keysTaggedWith(client: KMSClient) {
  return async (deployment: string): Promise<string[]> => {
    const { Keys: keys = [] } = await client.send(new ListKeysCommand({ Limit: 1000 }))
    const found: string[] = []
    for (const { KeyId } of keys) {
      const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }))
      const tag = Tags.find(({ TagKey }) => TagKey === 'signet:deployment')
      if (tag?.TagValue === deployment) found.push(KeyId ?? '')
    }
    return found
  }
}

/** Judged by OpenSSL, from the JWK Set that is published, and by what moto signs. */
async function isSignedBy(host: InProcessHost, id: string, token: string): Promise<boolean> {
  const { keys } = bodyOf<{ readonly keys: readonly [JsonWebKey] }>(
    await host.request('GET', `/${id}/.well-known/jwks.json`),
  )
  const [header = '', claims = '', signature = ''] = token.split('.')
  const signed = await signedByMoto(new TextEncoder().encode(`${header}.${claims}`))
  const key = createPublicKey({ key: { ...keys[0] }, format: 'jwk' })
  const bytes = Buffer.from(signature, 'base64url')
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)
}

async function register(iam: IAMClient, issuer: string): Promise<string> {
  const input = {
    Url: issuer,
    ClientIDList: [AUDIENCE],
    ThumbprintList: ['0123456789abcdef0123456789abcdef01234567'],
  }
  const answer = await iam.send(new CreateOpenIDConnectProviderCommand(input))
  return answer.OpenIDConnectProviderArn ?? ''
}

async function providerOf(iam: IAMClient, arn: string) {
  const input = { OpenIDConnectProviderArn: arn }
  const { Url, ClientIDList } = await iam.send(new GetOpenIDConnectProviderCommand(input))
  return { url: Url, audiences: ClientIDList }
}

async function arns(iam: IAMClient): Promise<(string | undefined)[]> {
  const { OpenIDConnectProviderList: providers = [] } = await iam.send(
    new ListOpenIDConnectProvidersCommand({}),
  )
  return providers.map(({ Arn }) => Arn)
}
