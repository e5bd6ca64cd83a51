/**
 * A rotation whose every effect can be interrupted: storage, a place that keeps keys, the public documents.
 *
 * Keys are real. What is made in the place outlives whoever made it, as in a service.
 */

import { memoryStore } from '../../src/adapters/storage/memory.ts'
import type { Bytes } from '../../src/crypto/base64url.ts'
import { kidOfSpki } from '../../src/crypto/kid.ts'
import { type PublicJwk, publicJwkOf } from '../../src/crypto/public-jwk.ts'
import { documentRenderer } from '../../src/documents/rendered-documents.ts'
import { Fault, type FaultCode } from '../../src/errors.ts'
import type { IssuerDocument, StoredIssuer } from '../../src/issuers/issuer-document.ts'
import { type IssuerRepository, issuerRepository } from '../../src/issuers/issuer-repository.ts'
import { retentionInForce } from '../../src/issuers/policy-in-force.ts'
import { publishedRing } from '../../src/keyring/published-ring.ts'
import { rotationHere } from '../../src/keyring/rotation-here.ts'
import type { Rotation } from '../../src/keyring/rotation.ts'
import type { Log, LogFields, LogLevel } from '../../src/log.ts'
import { notObserved, type Observed } from '../../src/publication/observation.ts'
import type {
  CreatedKey,
  FoundKey,
  KeyBinding,
  KeyCustody,
  KeyManager,
  Signer,
} from '../../src/signers/key-manager.ts'
import { keyManagers } from '../../src/signers/key-managers.ts'
import { staticCopies } from '../../src/static-copies/static-copies.ts'
import type { StaticCopyStore } from '../../src/static-copies/static-copy-store.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import { keyRef, NOW } from './fixtures.ts'
import { aRotating, BOUNDS, POLICY, shows } from './rotation-fixtures.ts'

/** The process that ran is no more. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** What happens to an effect. */
export type Fate = 'crash before' | 'crash after' | 'fails' | 'answer is lost' | 'takes long'
export const FATES: readonly Fate[] = [
  'crash before',
  'crash after',
  'fails',
  'answer is lost',
  'takes long',
]

interface PlaceKey extends CreatedKey {
  readonly binding: KeyBinding
  readonly signer: Signer
  state: FoundKey['state']
}

export interface Shell {
  readonly rotation: Rotation
  readonly issuers: IssuerRepository
  /** Every key that was made where keys are kept, by reference. */
  readonly place: Map<string, PlaceKey>
  /** The effects so far, by name, from 0 on. */
  readonly effects: string[]
  readonly logged: [LogLevel, string, LogFields][]
  readonly clock: { seconds: number }
  /** What becomes of the effects; at first, what should. */
  control: {
    fateOf: (effect: string, index: number) => Fate | undefined
    /** Runs before an effect. */
    before: (effect: string, index: number) => Promise<void>
    /** Of the documents that the public sees. */
    observe: (document: IssuerDocument) => Observed
  }
  /** The issuer as it is stored, read past all interruptions. */
  readonly stored: () => Promise<StoredIssuer | undefined>
  readonly document: () => Promise<IssuerDocument>
  /** Writes past all interruptions. */
  readonly change: (next: (stored: StoredIssuer) => StoredIssuer) => Promise<void>
}

export async function aKeyOf(): Promise<Omit<PlaceKey, 'binding' | 'state' | 'keyRef'>> {
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const sign = async (data: Bytes): Promise<Bytes> =>
    new Uint8Array(
      await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, data),
    )
  return { kid: await kidOfSpki(spki), publicJwk: publicJwkOf(jwk as PublicJwk), signer: { sign } }
}

/** The JWK Set of the stored document, as it would be served at once. */
function seesAll(document: IssuerDocument, now: number): Observed {
  const retention = retentionInForce(document, BOUNDS, now)
  const observation = shows(publishedRing(document.ring, retention, now), now, {
    ringVersion: document.revision,
  })
  return { ok: true, observation }
}

export async function rotationShell(
  stored: StoredIssuer,
  custody: KeyCustody = 'sealed',
  /** Of the static copies. Default: there are none. */
  copyStore?: StaticCopyStore,
): Promise<Shell> {
  const store = memoryStore()
  await issuerRepository(store).insert(stored)
  const clock = { seconds: NOW }
  const shell: Shell = {
    place: new Map(),
    effects: [],
    logged: [],
    clock,
    control: {
      fateOf: () => undefined,
      before: async () => {},
      observe: (document) => seesAll(document, clock.seconds),
    },
    stored: async () => (await issuerRepository(store).load(stored.id))?.stored,
    document: async () => {
      const found = await shell.stored()
      if (found?.kind !== 'issuer') throw new Error('there is no such issuer')
      return found
    },
    change: async (next) => {
      const issuers = issuerRepository(store)
      const loaded = await issuers.load(stored.id)
      if (loaded !== undefined) await issuers.replace(loaded, next(loaded.stored))
    },
    issuers: issuerRepository(interrupted(store, (name, act) => effect(shell, name, act))),
    get rotation() {
      return rotation
    },
  }
  const perform: Perform = (name, act) => effect(shell, name, act)
  const log: Log = (level, event, fields = {}) => void shell.logged.push([level, event, fields])
  const its = { issuers: shell.issuers, clock: { now: () => clock.seconds }, log }
  const copied = copyStore && interruptedCopies(copyStore, perform)
  const manager = placeManager(shell, custody)
  const rotation = rotationHere({
    ...its,
    keyManagers: keyManagers(manager),
    bounds: BOUNDS,
    observe: () =>
      perform('observe', async () => {
        const present = await shell.stored()
        return present?.kind === 'issuer' ? shell.control.observe(present) : GONE
      }),
    copies: copied && staticCopies({ ...its, store: copied, renderer: documentRenderer(BOUNDS) }),
  })
  return shell
}

const GONE = notObserved('bad_status', 'the issuer is deleted')

type Perform = <T>(name: string, act: () => Promise<T>) => Promise<T>

async function effect<T>(shell: Shell, name: string, act: () => Promise<T>): Promise<T> {
  const index = shell.effects.push(name) - 1
  const { control, clock } = shell
  await control.before(name, index)
  switch (control.fateOf(name, index)) {
    case undefined:
      return act()
    case 'crash before':
      throw new Crash(`before ${name}`)
    case 'crash after':
      await act()
      throw new Crash(`after ${name}`)
    case 'fails':
      throw faultOf(name)
    case 'answer is lost':
      await act()
      throw faultOf(name)
    case 'takes long':
      clock.seconds += 31
      return act()
  }
}

function faultOf(name: string): Fault {
  return new Fault(faultCodeOf(name), `${name} did not answer`)
}

function faultCodeOf(name: string): FaultCode {
  if (name.endsWith(' copy')) return 'static_copies_unavailable'
  return name === 'get' || name === 'put' ? 'storage_unavailable' : 'key_service_unavailable'
}

function interruptedCopies(store: StaticCopyStore, perform: Perform): StaticCopyStore {
  return {
    get: (name) => perform('get copy', () => store.get(name)),
    put: (...request) => perform('put copy', () => store.put(...request)),
    delete: (name) => perform('delete copy', () => store.delete(name)),
  }
}

function interrupted(store: DocumentStore, perform: Perform): DocumentStore {
  return {
    ...store,
    get: (key) => perform('get', () => store.get(key)),
    put: (...request) => perform('put', () => store.put(...request)),
  }
}

function placeManager(shell: Shell, custody: KeyCustody): KeyManager {
  const perform: Perform = (name, act) => effect(shell, name, act)
  const at = (reference: string): PlaceKey => {
    const found = shell.place.get(reference)
    if (found === undefined) throw new Fault('key_unavailable', 'there is no such key')
    return found
  }
  return {
    custody,
    create: (binding) =>
      perform('create', async () => {
        const reference = keyRef(`reference-${shell.place.size + 1}`)
        const key = await aKeyOf()
        shell.place.set(reference, { ...key, keyRef: reference, binding, state: 'enabled' })
        return { kid: key.kid, publicJwk: key.publicJwk, keyRef: reference }
      }),
    open: (reference) => perform('open', async () => at(reference).signer),
    renew: () => perform('renew', async () => undefined),
    disable: async () => {},
    scheduleDeletion: (reference) =>
      perform('scheduleDeletion', async () => {
        at(reference).state = 'pending_deletion'
      }),
    cancelDeletion: (reference) =>
      perform('cancelDeletion', async () => {
        at(reference).state = 'disabled'
      }),
    find: (slots) =>
      perform('find', async () =>
        [...shell.place.values()]
          .filter(({ binding }) => slots.has(binding.slot))
          .map(({ binding, keyRef: reference, state }) => ({
            binding,
            keyRef: reference,
            createdAt: NOW,
            state,
          })),
      ),
  }
}

/** An issuer of revision 9 without keys yet. */
export function issuerWithoutKeys(custody: KeyCustody): IssuerDocument {
  return aRotating([], { policy: { ...POLICY, algorithm: 'ES256', custody } })
}

/** Its first key signs, and its successor is published. */
export async function shellWithSuccessor(custody: KeyCustody): Promise<Shell> {
  const shell = await rotationShell(issuerWithoutKeys(custody), custody)
  await shell.rotation.run('prod')
  await shell.rotation.run('prod')
  return shell
}

export async function kidsOf(shell: Shell): Promise<string[]> {
  return (await shell.document()).ring.keys.map(({ kid }) => kid)
}
