import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/errors.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import { fakeKeyManager, NOW, operators, refusalOf, valueOf } from '../../support/fixtures.ts'

describe('creating an issuer', () => {
  test('stores it with one key that signs at once', async () => {
    const { operations, keyManager } = operators()
    const created = valueOf(
      await operations.create({ id: 'prod', settings: { algorithm: 'ES256' } }),
    )
    expect(created).toEqual({
      version: 3,
      kind: 'issuer',
      id: 'prod',
      issuer: 'https://oidc.example.com/prod',
      revision: 1,
      createdAt: NOW,
      updatedAt: NOW,
      policy: { ...DEFAULT_POLICY, algorithm: 'ES256' },
      ring: {
        keys: [expect.objectContaining({ alg: 'ES256', activatesAt: NOW - 60 })],
        adopted: [],
        former: [],
        leftovers: [],
      },
      writeNonce: expect.stringMatching(/^[\w-]{22}$/),
    })
    expect(keyManager.created).toHaveLength(1)
    expect(valueOf(await operations.read('prod'))).toEqual(created)
  })

  test.each([
    ['refuses an id that is none', 'Prod', {}, ['id must be']],
    ['refuses a path of the host', 'healthz', {}, ['id must not be']],
    ['refuses a setting out of its bounds', 'prod', { tokenTtlMaxSeconds: 1 }, ['tokenTtlMax']],
    ['refuses a broken relation', 'prod', { propagationDelaySeconds: 60 }, ['propagationDelay']],
    [
      'refuses everything at once',
      'Prod',
      { tokenTtlMaxSeconds: 1, jwksMaxAgeSeconds: 1 },
      ['id must be', 'tokenTtlMax', 'jwksMaxAge'],
    ],
  ])('%s, and makes no key', async (_title, id, policy, sentences) => {
    const { operations, keyManager, store } = operators()
    const refusal = refusalOf(await operations.create({ id, settings: policy }))
    expect(refusal.reason).toBe('invalid_request')
    expect(refusal.message.split('; ')).toEqual(
      sentences.map((sentence) => expect.stringContaining(sentence)),
    )
    expect(keyManager.created).toEqual([])
    expect((await store.list({ prefix: '', limit: 1 })).keys).toEqual([])
  })

  test('refuses an identifier that is too long for IAM, and makes no key', async () => {
    const publicUrl = `https://${'a.'.repeat(116)}example.com`
    const { operations, keyManager } = operators({ publicUrl })
    expect(valueOf(await operations.create({ id: 'prd', settings: {} })).issuer).toHaveLength(255)
    expect(refusalOf(await operations.create({ id: 'prod', settings: {} }))).toEqual({
      reason: 'invalid_request',
      message: expect.stringContaining('the issuer identifier must have at most 255 characters'),
    })
    expect(keyManager.created).toHaveLength(1)
  })

  test('refuses an id that is taken, makes no key and changes nothing', async () => {
    const { operations, keyManager, body } = operators()
    await operations.create({ id: 'prod', settings: {} })
    const before = await body()
    const refusal = refusalOf(
      await operations.create({ id: 'prod', settings: { algorithm: 'ES256' } }),
    )
    expect(refusal).toEqual({
      reason: 'issuer_exists',
      message: expect.stringContaining('issuer prod exists already'),
    })
    expect(keyManager.created).toHaveLength(1)
    expect(await body()).toBe(before)
  })

  test('refuses the id of a deleted issuer for ever, and makes no key', async () => {
    const { operations, keyManager, body, wait } = operators()
    await operations.create({ id: 'prod', settings: {} })
    await operations.delete('prod', undefined, undefined)
    const before = await body()
    wait(100 * 365 * 86_400)
    const refusal = refusalOf(await operations.create({ id: 'prod', settings: {} }))
    expect(refusal).toEqual({
      reason: 'issuer_deleted',
      message: expect.stringContaining('its id is never given again'),
    })
    expect(keyManager.created).toHaveLength(1)
    expect(await body()).toBe(before)
  })

  test('stores nothing where no key can be made', async () => {
    const fault = new Fault('key_unavailable', 'no key can be made')
    const { operations, body } = operators({
      keyManager: fakeKeyManager({ beforeCreate: () => Promise.reject(fault) }),
    })
    await expect(operations.create({ id: 'prod', settings: {} })).rejects.toBe(fault)
    expect(await body()).toBeUndefined()
  })
})
