import { describe, expect, test } from 'vitest'
import { accepted, refusalStatus, refused } from '../../src/refusal.ts'

describe('a refusal', () => {
  test.each([
    ['invalid_request', 400],
    ['issuer_not_found', 404],
    ['issuer_exists', 409],
    ['no_active_key', 409],
    ['issuer_deleted', 410],
    ['revision_conflict', 412],
    ['unsupported_media_type', 415],
    ['key_not_made', 503],
    ['static_copies_left', 503],
  ] as const)('%s has status %i', (reason, status) => {
    expect(refusalStatus(reason)).toBe(status)
  })

  test('carries its reason and its sentence', () => {
    expect(refused('issuer_exists', 'choose another id')).toEqual({
      ok: false,
      refusal: { reason: 'issuer_exists', message: 'choose another id' },
    })
  })

  test('is not an accepted value', () => {
    expect(accepted('a value')).toEqual({ ok: true, value: 'a value' })
  })
})
