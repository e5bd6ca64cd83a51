import { expect, test, vi } from 'vitest'
import type { KmsApi } from '../../../../src/adapters/aws/kms-api.ts'
import { kmsOverSdk } from '../../../../src/adapters/aws/kms-sdk.ts'

const region = 'eu-central-1'
const endpoint = 'http://127.0.0.1:9'
const loaded = vi.hoisted(() => ({ times: 0 }))

vi.mock('@aws-sdk/client-kms', async (original) => {
  loaded.times += 1
  return original()
})

const neverFound = () => new Promise<never>(() => {})

function kmsErrorOf(api: KmsApi, signal = new AbortController().signal): Promise<unknown> {
  return api.getPublicKey('key-1', signal).catch((error: unknown) => error)
}

test('loads the SDK with the first call, and looks for credentials once', async () => {
  const found = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret' }
  const credentials = vi.fn<() => Promise<typeof found>>().mockResolvedValue(found)
  const api = kmsOverSdk({ region, endpoint, credentials })
  const before = loaded.times
  await Promise.all([kmsErrorOf(api), kmsErrorOf(api)])
  await kmsErrorOf(api)
  expect([before, loaded.times]).toEqual([0, 1])
  expect(credentials).toHaveBeenCalledTimes(1)
})

test('is denied without credentials, and nothing shows where they were looked for', async () => {
  const failure = Object.assign(new Error('marked profile'), { name: 'CredentialsProviderError' })
  const credentials = () => Promise.reject(failure)
  const error = await kmsErrorOf(kmsOverSdk({ region, endpoint, credentials }))
  expect(error).toMatchObject({ code: 'denied', awsName: 'CredentialsError' })
  expect(error).not.toHaveProperty('cause')
  expect(String(error)).not.toContain('marked')
})

test('ends with its signal while credentials are looked for', async () => {
  const controller = new AbortController()
  const credentials = async () => {
    controller.abort()
    return neverFound()
  }
  const error = await kmsErrorOf(kmsOverSdk({ region, endpoint, credentials }), controller.signal)
  expect(error).toMatchObject({ code: 'unavailable', awsName: 'AbortError' })
})

test('ends at once when its signal is aborted already', async () => {
  const api = kmsOverSdk({ region, endpoint, credentials: neverFound })
  const error = await kmsErrorOf(api, AbortSignal.abort())
  expect(error).toMatchObject({ code: 'unavailable', awsName: 'AbortError' })
})
