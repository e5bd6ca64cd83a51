import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import type { KmsApi } from '../../../../src/adapters/aws/kms-api.ts'
import { kmsOverFetch, type KmsOverFetchOptions } from '../../../../src/adapters/aws/kms-fetch.ts'

const region = 'eu-central-1'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'marked-secret' }
const signal = new AbortController().signal

interface Sent {
  readonly url: string
  readonly init: RequestInit
}

function answeredWith(answer: () => Response, options: Partial<KmsOverFetchOptions> = {}) {
  const sent: Sent[] = []
  const answering: typeof fetch = async (input, init = {}) => {
    sent.push({ url: input as string, init })
    return answer()
  }
  return { sent, api: kmsOverFetch({ region, credentials, fetch: answering, ...options }) }
}

const getPublicKey = (api: KmsApi) => api.getPublicKey('key-1', signal)

describe('the request', () => {
  test('goes to the region, is signed, and follows no redirect', async () => {
    const { sent, api } = answeredWith(() => Response.json({ PublicKey: 'AQID' }))
    expect([...(await getPublicKey(api))]).toEqual([1, 2, 3])
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      url: 'https://kms.eu-central-1.amazonaws.com/',
      init: { method: 'POST', redirect: 'manual', body: '{"KeyId":"key-1"}', signal },
    })
    const headers = new Headers(sent[0]?.init.headers)
    expect(headers.get('content-type')).toBe('application/x-amz-json-1.1')
    expect(headers.get('x-amz-target')).toBe('TrentService.GetPublicKey')
    expect(headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/kms\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
    )
  })

  test('has the token of a session, signed, when there is one', async () => {
    const { sent, api } = answeredWith(() => Response.json({ PublicKey: 'AQID' }), {
      credentials: { ...credentials, sessionToken: 'session-1' },
    })
    await getPublicKey(api)
    const headers = new Headers(sent[0]?.init.headers)
    expect(headers.get('x-amz-security-token')).toBe('session-1')
    expect(headers.get('authorization')).toContain(';x-amz-security-token;')
  })

  test('goes to the endpoint that is given', async () => {
    const endpoint = 'http://127.0.0.1:4599'
    const { sent, api } = answeredWith(() => Response.json({ PublicKey: 'AQID' }), { endpoint })
    await getPublicKey(api)
    expect(sent[0]?.url).toBe('http://127.0.0.1:4599/')
  })

  test('is not attempted again', async () => {
    const { sent, api } = answeredWith(() => new Response('', { status: 503 }))
    await expect(getPublicKey(api)).rejects.toMatchObject({ awsName: 'status 503' })
    expect(sent).toHaveLength(1)
  })

  test('is not made with credentials that no header can hold, and nothing shows them', async () => {
    const { sent, api } = answeredWith(() => Response.json({}), {
      credentials: { accessKeyId: 'AKID\nmarked', secretAccessKey: 'marked-secret' },
    })
    const error = await getPublicKey(api).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'denied', awsName: 'CredentialsError' })
    expect(error).not.toHaveProperty('cause')
    expect(String(error)).not.toContain('marked')
    expect(sent).toEqual([])
  })

  test('refuses an endpoint that is no URL at once', () => {
    expect(() => kmsOverFetch({ region, credentials, endpoint: 'nowhere' })).toThrow(TypeError)
  })
})

describe('the answer', () => {
  test('is not read on when it is longer than any of KMS', async () => {
    let pulled = 0
    const cancelled = Promise.withResolvers<void>()
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(new Uint8Array(16_384).fill(0x20))
      },
      cancel: () => cancelled.resolve(),
    })
    const { api } = answeredWith(() => new Response(endless))
    await expect(getPublicKey(api)).rejects.toMatchObject({ awsName: 'UnreadableAnswer' })
    await cancelled.promise
    expect(pulled).toBeLessThan(20)
  })

  test.each([
    ['as long as may be', 262_144, 'AQID'],
    ['longer by a byte', 262_145, undefined],
  ])('that is %s', async (_, length, expected) => {
    const body = JSON.stringify({ PublicKey: 'AQID' }).padEnd(length, ' ')
    const { api } = answeredWith(() => new Response(body))
    const read = await getPublicKey(api).then(
      (bytes) => Buffer.from(bytes).toString('base64'),
      () => undefined,
    )
    expect(read).toBe(expected)
  })

  test.each([
    ['base64 without its padding', 'AQ'],
    ['base64url', '-_-_'],
    ['base64 with spaces', 'AQ ID'],
    ['base64 of another form', 'AR=='],
    ['a number', 7],
  ])('is none with %s', async (_, PublicKey) => {
    const { api } = answeredWith(() => Response.json({ PublicKey }))
    await expect(getPublicKey(api)).rejects.toMatchObject({
      code: 'unavailable',
      awsName: 'UnreadableAnswer',
    })
  })

  test('that breaks off is a failure of the connection', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.error(new Error('marked')),
    })
    const { api } = answeredWith(() => new Response(broken))
    const error = await getPublicKey(api).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'unavailable', awsName: 'ConnectionError' })
    expect(error).not.toHaveProperty('cause')
  })
})
