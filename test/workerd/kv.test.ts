import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { kvStore } from '../../src/adapters/storage/kv.ts'
import { describeCopyStore } from '../contract/copy-store.ts'

const failing = () => Promise.reject(new Error('KV GET failed: 500'))

describeCopyStore('kv', () => kvStore(env.PUBLIC_COPIES))

test('says that KV did not answer, and keeps why to itself', async () => {
  const store = kvStore({ get: failing, put: failing })
  const fault = { code: 'storage_unavailable', message: 'Workers KV did not answer' }
  await expect(store.get('issuers/prod')).rejects.toMatchObject(fault)
  await expect(store.put('issuers/prod', 'one')).rejects.toMatchObject(fault)
})
