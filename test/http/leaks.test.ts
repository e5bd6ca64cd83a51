/**
 * Marked secrets, key references and tokens never occur in what a host says: no log line, no error, no refusal.
 */

import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import { Fault } from '../../src/errors.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import type { IssuerDocument } from '../../src/issuers/issuer-document.ts'
import { control, createIssuer, mintToken } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import { switchedStore } from '../support/hosts/stores.ts'
import { SEALED_SECRET, type TestHost, type TestResponse } from '../support/hosts/test-host.ts'
import { workerHost } from '../support/hosts/worker.ts'
import { conversation, MINT, partsOf, WRONG_CREDENTIAL } from './conversation.ts'

function expectNoSecrets(
  host: TestHost,
  answers: readonly TestResponse[],
  secrets: string[],
): void {
  const said = [...answers.map((answer) => JSON.stringify(answer)), ...host.logLines()]
  const searched = [...secrets, host.controlSecret, SEALED_SECRET, rawSealedSecret()]
  for (const text of said) {
    for (const secret of [...searched, WRONG_CREDENTIAL, 'marked-', 'sealed-v1', 'PRIVATE KEY']) {
      expect(text.includes(secret), `a secret in ${text.slice(0, 200)}`).toBe(false)
    }
  }
}

function rawSealedSecret(): string {
  return Buffer.from(SEALED_SECRET, 'base64').toString('utf8')
}

describe('in process', () => {
  test('nothing leaks while everything works, and minting is logged without the token', async () => {
    const store = memoryStore()
    const host = inProcessHost({ store })
    const { id } = await createIssuer(host)
    const token = await mintToken(host, id)
    const answers = await conversation(host, id, token)
    const { body } = (await store.get(issuerKey(id))) ?? { body: '{}' }
    const { ring, writeNonce } = JSON.parse(body) as IssuerDocument
    const [{ keyRef, slot }] = ring.keys as [IssuerDocument['ring']['keys'][number]]
    expectNoSecrets(host, answers, [...partsOf(token), keyRef, slot, writeNonce])
    const records = host.logLines().map((line) => JSON.parse(line) as { readonly event: string })
    expect(records).toContainEqual(expect.objectContaining({ action: 'mint', issuer: id }))
    expect(records.filter(({ event }) => event !== 'control_action')).toMatchObject([
      { level: 'info', event: 'ring_rotated', issuer: id },
      { level: 'warn', event: 'rotation_waits', issuer: id },
    ])
  })

  test('nothing leaks when storage, documents and keys fail', async () => {
    const store = switchedStore(memoryStore())
    const sound = inProcessHost({ store })
    const { id } = await createIssuer(sound)
    const token = await mintToken(sound, id)
    const { body, etag } = (await store.get(issuerKey(id))) ?? { body: '', etag: '' }
    const keyManager = sealedKeyManager({ secret: new Uint8Array(32).fill(7), deployment: 'test' })
    const host = inProcessHost({ store, keyManager, controlSecret: sound.controlSecret })
    const answers = [
      ...(await conversation(host, id, token)),
      await control(host, 'POST', `/issuers/${id}/tokens`, { json: MINT }),
    ]
    const cause = new Error('marked-cause')
    for (const error of [
      new Fault('storage_unavailable', 'no answer', { cause }),
      new TypeError('marked-message', { cause }),
    ]) {
      for (const operation of ['get', 'list'] as const) store.fail(operation, error)
      answers.push(...(await conversation(host, id, token)))
      for (const operation of ['get', 'list'] as const) store.fail(operation, undefined)
    }
    for (const broken of [
      body.slice(0, -20),
      body.replace('"slot"', '"evil"'),
      `"${body.length}`,
    ]) {
      const { etag: latest } = (await store.get(issuerKey(id))) ?? { etag }
      await store.put(issuerKey(id), broken, { ifMatch: latest })
      answers.push(...(await conversation(host, id, token)))
    }
    expect(answers.some(({ status }) => status === 503)).toBe(true)
    expect(answers.some(({ status }) => status === 500)).toBe(true)
    const { keyRef } = /"keyRef":"(?<keyRef>[^"]+)"/.exec(body)?.groups ?? { keyRef: '' }
    expectNoSecrets(host, answers, [...partsOf(token), keyRef ?? ''])
  })
})

describe('the Worker', () => {
  test('nothing leaks, also while its public copy is broken', async () => {
    const host = await workerHost()
    try {
      const { id } = await createIssuer(host)
      const token = await mintToken(host, id)
      const answers = await conversation(host, id, token)
      const copy = (await host.copies())[issuerKey(id)] ?? ''
      expect(JSON.parse(copy)).toMatchObject({ id, kind: 'issuer' })
      expect(copy).not.toMatch(/keyRef|sealed-v1|slot|writeNonce/)
      const { id: unread } = await createIssuer(host)
      await host.breakIssuer(unread)
      answers.push(await host.request('GET', `/${unread}/.well-known/jwks.json`))
      expect(answers.at(-1)?.status).toBe(503)
      await expect.poll(() => host.logLines().join('\n')).toMatch(/document_corrupt/)
      expect(host.logLines().join('\n')).toMatch(/"action":"mint"/)
      expectNoSecrets(host, answers, partsOf(token))
    } finally {
      await host.close()
    }
  })
})
