/**
 * Issuers with URLs of their own, and those that only publish.
 */

import { describe, expect, test } from 'vitest'
import { issuerRepository } from '../../../src/issuers/issuer-repository.ts'
import { DEFAULT_POLICY } from '../../../src/issuers/policy.ts'
import {
  anIssuer,
  aTombstone,
  fakeKeyManager,
  operators,
  refusalOf,
  valueOf,
} from '../../support/fixtures.ts'

const URL_OF_EKS = 'https://OIDC.eks.example/id/A1'

describe('an issuer with a URL of its own', () => {
  test('has it as it was given, and keeps it', async () => {
    const { operations, store } = operators()
    const request = { id: 'prod', issuer: URL_OF_EKS, settings: {} }
    expect(valueOf(await operations.create(request)).issuer).toBe(URL_OF_EKS)
    const moved = operators({ store, publicUrl: 'https://moved.example' }).operations
    expect(valueOf(await moved.update('prod', {}, undefined)).issuer).toBe(URL_OF_EKS)
  })

  test('claims its location before it is written', async () => {
    const { operations, store } = operators({
      keyManager: fakeKeyManager({ beforeCreate: () => Promise.reject(new Error('no key')) }),
    })
    const creation = operations.create({ id: 'prod', issuer: URL_OF_EKS, settings: {} })
    await expect(creation).rejects.toThrow('no key')
    const { keys } = await store.list({ prefix: '', limit: 9 })
    expect(keys).toEqual(['locations/oidc.eks.example/id/A1'])
  })

  test.each([
    ['refuses plain http', 'http://x.example', 'issuer must use https'],
    ['refuses a path of the host', 'https://x.example/control', 'issuer must not begin with'],
    ['refuses a query', 'https://x.example?a=b', 'issuer must have no query'],
  ])('%s, and claims nothing', async (_title, issuer, sentence) => {
    const { operations, store, keyManager } = operators()
    const refusal = refusalOf(await operations.create({ id: 'prod', issuer, settings: {} }))
    expect(refusal).toMatchObject({
      reason: 'invalid_request',
      message: expect.stringContaining(sentence),
    })
    expect(keyManager.created).toEqual([])
    expect((await store.list({ prefix: '', limit: 1 })).keys).toEqual([])
  })

  test('may be created again after ten minutes where its creation failed', async () => {
    let down = true
    const keyManager = fakeKeyManager({
      beforeCreate: async () => {
        if (down) throw new Error('no key')
      },
    })
    const { operations, wait } = operators({ keyManager })
    const settings = {}
    await expect(operations.create({ id: 'a', issuer: URL_OF_EKS, settings })).rejects.toThrow(
      'no key',
    )
    down = false
    const other = { id: 'b', issuer: URL_OF_EKS, settings }
    wait(599)
    expect(refusalOf(await operations.create(other))).toEqual({
      reason: 'issuer_exists',
      message: `${URL_OF_EKS} is being given to issuer a at this moment: choose another URL, or try again in ten minutes if that creation has failed`,
    })
    wait(1)
    expect((await operations.create(other)).ok).toBe(true)
  })
})

describe('two issuers never share a location', () => {
  test.each([
    ['the same URL', URL_OF_EKS, URL_OF_EKS],
    ['a host in another case', URL_OF_EKS, 'https://oidc.EKS.example/id/A1'],
    ['the default URL', 'https://oidc.example.com/second', undefined],
    ['the root', 'https://x.example', 'https://X.example'],
  ])('refuses %s', async (_title, first, second) => {
    const { operations, keyManager } = operators()
    await operations.create({ id: 'first', issuer: first, settings: {} })
    const refusal = refusalOf(
      await operations.create({ id: 'second', issuer: second, settings: {} }),
    )
    expect(refusal).toEqual({
      reason: 'issuer_exists',
      message: `${second ?? 'https://oidc.example.com/second'} is the URL of issuer first already, and two issuers never share one: choose another URL`,
    })
    expect(keyManager.created).toHaveLength(1)
  })

  test('refuses the URL of a deleted issuer for ever', async () => {
    const { operations, wait } = operators()
    await operations.create({ id: 'first', issuer: URL_OF_EKS, settings: {} })
    await operations.delete('first', undefined, undefined)
    wait(100 * 365 * 86_400)
    const second = { id: 'second', issuer: URL_OF_EKS, settings: {} }
    expect(refusalOf(await operations.create(second))).toEqual({
      reason: 'issuer_deleted',
      message: `${URL_OF_EKS} was the URL of issuer first, which was deleted, and is never given again, since others may still trust it: choose another URL`,
    })
  })

  test.each([
    ['a live one', anIssuer(), 'issuer_exists'],
    ['a deleted one', aTombstone(), 'issuer_deleted'],
  ])('refuses the default URL of %s that is older than claims', async (_title, stored, reason) => {
    const { operations, store } = operators()
    await issuerRepository(store).insert(stored)
    const request = { id: 'other', issuer: 'https://oidc.example.com/prod', settings: {} }
    expect(refusalOf(await operations.create(request)).reason).toBe(reason)
  })

  test('may have one path at two hosts', async () => {
    const { operations } = operators()
    const urls = ['https://a.example/prod', 'https://b.example/prod', 'https://b.example:8443/prod']
    for (const [index, issuer] of urls.entries()) {
      expect((await operations.create({ id: `id-${index}`, issuer, settings: {} })).ok).toBe(true)
    }
  })
})

describe('an issuer that only publishes', () => {
  test('is created without a key, and gets none by a change', async () => {
    const { operations, keyManager } = operators()
    const created = valueOf(
      await operations.create({ id: 'prod', settings: { custody: 'none', jwksMaxAgeSeconds: 60 } }),
    )
    expect(created.policy).toEqual({ ...DEFAULT_POLICY, custody: 'none', jwksMaxAgeSeconds: 60 })
    expect(created.ring).toEqual({ keys: [], adopted: [], former: [], leftovers: [] })
    const updated = valueOf(await operations.update('prod', { jwksMaxAgeSeconds: 120 }, 1))
    expect(updated.ring).toEqual(created.ring)
    expect(keyManager.created).toEqual([])
  })

  test('refuses settings that mean nothing to it, and changes nothing', async () => {
    const { operations, body } = operators()
    const useless = { custody: 'none', algorithm: 'ES256' } as const
    expect(refusalOf(await operations.create({ id: 'prod', settings: useless })).message).toMatch(
      /^an issuer that only publishes has no key of its own, .* got algorithm: leave it out$/,
    )
    await operations.create({ id: 'prod', settings: { custody: 'none' } })
    const before = await body()
    const refusal = refusalOf(await operations.update('prod', { tokenTtlMaxSeconds: 600 }, 1))
    expect(refusal.message).toContain('got tokenTtlMaxSeconds: leave it out')
    expect(await body()).toBe(before)
  })
})
