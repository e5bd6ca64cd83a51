/**
 * Issuers, keys and fakes with fixed values: a test names only what it is about.
 */

import type { AdoptableKey } from '../../src/adoption/adoptable-key.ts'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { type IssuerOperations, issuerOperations } from '../../src/control/issuer-operations.ts'
import { ALGORITHMS } from '../../src/crypto/algorithms.ts'
import { encodeBase64Url, utf8 } from '../../src/crypto/base64url.ts'
import { kidOfSpki } from '../../src/crypto/kid.ts'
import type { IssuerDocument, IssuerTombstone, KeyRing } from '../../src/issuers/issuer-document.ts'
import { issuerRepository } from '../../src/issuers/issuer-repository.ts'
import type { AdoptedKeyRecord, KeyRecord } from '../../src/issuers/key-record.ts'
import { claimantOf, locationClaims } from '../../src/locations/location-claims.ts'
import { DEFAULT_POLICY, type PublicationBounds } from '../../src/issuers/policy.ts'
import { policyRepository } from '../../src/policies/policy-repository.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import type { Outcome, Refusal } from '../../src/refusal.ts'
import type { PublicJwk } from '../../src/crypto/public-jwk.ts'
import type {
  CreatedKey,
  KeyBinding,
  KeyManager,
  KeyRef,
  Signer,
} from '../../src/signers/key-manager.ts'
import { type KeyManagers, keyManagers } from '../../src/signers/key-managers.ts'
import { rotationHere } from '../../src/keyring/rotation-here.ts'
import { notObserved, type Observed } from '../../src/publication/observation.ts'

/** A fixed moment: 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000

export function keyRef(text: string): KeyRef {
  return text as KeyRef
}

export const EC_JWK = {
  kty: 'EC',
  crv: 'P-256',
  x: 'x-coordinate',
  y: 'y-coordinate',
} as const satisfies PublicJwk

export function aKey(members: Partial<KeyRecord> = {}): KeyRecord {
  return {
    kid: 'kid-a',
    alg: 'RS256',
    publicJwk: { kty: 'RSA', n: 'modulus', e: 'AQAB' },
    publishedAt: NOW,
    publishedRevision: 1,
    activatesAt: NOW,
    custody: 'sealed',
    keyRef: keyRef('private-reference-a'),
    slot: 'slot-a',
    ...members,
  }
}

export function aRing(members: Partial<KeyRing> = {}): KeyRing {
  return { keys: [aKey()], adopted: [], former: [], leftovers: [], ...members }
}

export function anAdoptedKey(members: Partial<AdoptedKeyRecord> = {}): AdoptedKeyRecord {
  return {
    kid: 'kid-of-cluster',
    fingerprint: 'fingerprint-of-cluster',
    alg: 'RS256',
    publicJwk: { kty: 'RSA', n: 'modulus-of-cluster', e: 'AQAB' },
    publishedAt: NOW,
    ...members,
  }
}

/** As `readAdoptableKeys` gives it, of the same key as `anAdoptedKey`. */
export function anAdoptableKey(members: Partial<AdoptableKey> = {}): AdoptableKey {
  const { publishedAt: _publishedAt, ...key } = anAdoptedKey()
  return { ...key, ...members }
}

/** Nothing is stale, and nothing is served longer than it should be. */
export const NO_BOUNDS: PublicationBounds = { documentStalenessSeconds: 0, lastGoodSeconds: 0 }

export function anIssuer(members: Partial<IssuerDocument> = {}): IssuerDocument {
  return {
    version: 3,
    kind: 'issuer',
    id: 'prod',
    issuer: 'https://oidc.example.com/prod',
    revision: 1,
    createdAt: NOW,
    policy: DEFAULT_POLICY,
    ring: aRing(),
    updatedAt: NOW,
    writeNonce: 'nonce-1',
    ...members,
  }
}

export function aTombstone(members: Partial<IssuerTombstone> = {}): IssuerTombstone {
  return {
    version: 3,
    kind: 'tombstone',
    id: 'prod',
    issuer: 'https://oidc.example.com/prod',
    revision: 2,
    createdAt: NOW,
    deletedAt: NOW + 60,
    reason: 'the cluster is gone',
    kids: ['kid-a', 'kid-b'],
    leftovers: [],
    writeNonce: 'nonce-2',
    ...members,
  }
}

/** Also all the key managers of a host that has this one alone. */
export interface FakeKeyManager extends KeyManager, KeyManagers {
  readonly created: KeyBinding[]
  readonly opened: { readonly keyRef: KeyRef; readonly binding: KeyBinding }[]
  readonly renewed: { readonly keyRef: KeyRef; readonly binding: KeyBinding }[]
}

export interface FakeKeyManagerOptions {
  /** Runs before a key is made: what happens elsewhere in the meantime. */
  readonly beforeCreate?: () => Promise<void>
  /** New references by old ones; a reference without one is up to date. */
  readonly renewals?: Readonly<Record<string, KeyRef>>
  readonly sign?: Signer['sign']
}

/** Counts its calls; its keys are numbered from 1 and their signatures are nobody's unless `sign` is given. */
export function fakeKeyManager({
  beforeCreate = async () => {},
  renewals = {},
  sign = async () => new Uint8Array(256),
}: FakeKeyManagerOptions = {}): FakeKeyManager {
  const created: KeyBinding[] = []
  const opened: FakeKeyManager['opened'] = []
  const renewed: FakeKeyManager['renewed'] = []
  return {
    custody: 'sealed',
    custodies: ['sealed', 'none'],
    of() {
      // Also of a copy with other methods.
      return this
    },
    created,
    opened,
    renewed,
    create: async (binding): Promise<CreatedKey> => {
      await beforeCreate()
      const number = created.push(binding)
      return {
        keyRef: keyRef(`reference-${number}`),
        kid: await kidOfSpki(utf8(`key ${number}`)),
        publicJwk:
          ALGORITHMS[binding.alg].kty === 'EC'
            ? EC_JWK
            : { kty: 'RSA', n: encodeBase64Url(utf8(`modulus ${number}`)), e: 'AQAB' },
      }
    },
    open: async (reference, binding) => {
      opened.push({ keyRef: reference, binding })
      return { sign }
    },
    isOutdated: async (reference) => reference in renewals,
    renew: async (reference, binding) => {
      renewed.push({ keyRef: reference, binding })
      return renewals[reference]
    },
    disable: async () => {},
    scheduleDeletion: async () => {},
    cancelDeletion: async () => {},
    find: async () => [],
  }
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.message}`)
  return outcome.value
}

export function refusalOf(outcome: Outcome<unknown>): Refusal {
  if (outcome.ok) throw new Error('accepted, although it should be refused')
  return outcome.refusal
}

/** Public documents that nobody can reach. */
export async function seesNothing(): Promise<Observed> {
  return notObserved('unreachable', 'the public documents could not be read')
}

export interface Operators {
  readonly store: DocumentStore
  readonly keyManager: FakeKeyManager
  readonly operations: IssuerOperations
  /** Moves the clock. */
  readonly wait: (seconds: number) => void
  /** The stored text of issuer `prod`. */
  readonly body: () => Promise<string | undefined>
}

/** What operators can do, on one store and with a clock that stands still until it is moved. */
export function operators({
  store = memoryStore(),
  keyManager = fakeKeyManager(),
  publicUrl = 'https://oidc.example.com',
} = {}): Operators {
  let now = NOW
  const issuers = issuerRepository(store)
  const managers = keyManagers(keyManager)
  const clock = { now: () => now }
  const operations = issuerOperations({
    issuers,
    policies: policyRepository(store),
    locations: locationClaims(store, issuers),
    claimantOf: (location) => claimantOf(store, location),
    keyManagers: managers,
    rotation: rotationHere({
      issuers,
      keyManagers: managers,
      bounds: NO_BOUNDS,
      observe: seesNothing,
      clock,
      log: () => {},
    }),
    bounds: NO_BOUNDS,
    publicUrl,
    hostAliases: [],
    isOwnUrl: () => false,
    trustedForControl: [],
    isDevelopment: false,
    clock,
    log: () => {},
  })
  return {
    store,
    keyManager,
    operations,
    wait: (seconds) => {
      now += seconds
    },
    body: async () => (await store.get('issuers/prod'))?.body,
  }
}

/** A body with one member changed; a path is dotted, and `undefined` takes the member away. */
export function changed(stored: object, path: string, value: unknown): string {
  const copy: unknown = structuredClone(stored)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce((at, name) => (at as Record<string, unknown>)[name], copy)
  ;(parent as Record<string, unknown>)[last] = value
  return JSON.stringify(copy)
}
