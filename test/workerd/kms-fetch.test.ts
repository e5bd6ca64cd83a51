import { expect, test } from 'vitest'
import { kmsOverFetch } from '../../src/adapters/aws/kms-fetch.ts'

const region = 'eu-central-1'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret of the tests' }
const request = {
  keyId: 'key-1',
  digest: new Uint8Array([1, 2]),
  algorithm: 'ECDSA_SHA_256',
} as const
const signal = new AbortController().signal

test('signs its calls and reads their answers', async () => {
  const sent: Request[] = []
  const answering: typeof fetch = async (...parameters) => {
    sent.push(new Request(...parameters))
    return Response.json({ Signature: 'AQID+/8=' })
  }
  const api = kmsOverFetch({ region, credentials, fetch: answering })
  expect([...(await api.sign(request, signal))]).toEqual([1, 2, 3, 251, 255])
  expect(sent[0]?.url).toBe('https://kms.eu-central-1.amazonaws.com/')
  expect(sent[0]?.headers.get('authorization')).toMatch(/^AWS4-HMAC-SHA256 /)
  expect(await sent[0]?.json()).toMatchObject({ KeyId: 'key-1', Message: 'AQI=' })
})

test('names what KMS answered, and nothing more', async () => {
  const body = { __type: 'AccessDeniedException', message: 'marked' }
  const answering: typeof fetch = async () => Response.json(body, { status: 400 })
  const api = kmsOverFetch({ region, credentials, fetch: answering })
  const error = await api.sign(request, signal).catch((failure: unknown) => failure)
  expect(error).toMatchObject({ code: 'denied', message: 'AWS KMS answered AccessDeniedException' })
})
