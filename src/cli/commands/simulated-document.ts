/**
 * The document of an issuer as far as the control API shows it, with stand-ins for what nobody is shown: enough for the planner.
 */

import {
  isPublishedAlgorithm,
  type PublishedAlgorithmName,
} from '../../crypto/published-algorithms.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../crypto/algorithms.ts'
import { FORMAT_VERSION, type IssuerDocument } from '../../issuers/issuer-document.ts'
import type { AdoptedKeyRecord, FormerKey, KeyRecord } from '../../issuers/key-record.ts'
import type { IssuerPolicy, PublicationBounds } from '../../issuers/policy.ts'
import { standInJwk } from '../../keyring/stand-in-keys.ts'
import {
  CUSTODIES,
  KEY_CUSTODIES,
  type Custody,
  type KeyCustody,
  type KeyRef,
} from '../../signers/key-manager.ts'
import { CliError, EXIT } from '../exit.ts'
import type { KeyAnswer, KeysAnswer } from '../host/answers.ts'

export interface SimulatedDocument {
  readonly issuer: IssuerDocument
  readonly bounds: PublicationBounds
}

type OwnKey = Extract<KeyAnswer, { readonly origin: 'own' }>
type AdoptedKey = Extract<KeyAnswer, { readonly origin: 'adopted' }>

/** Of a ring that has published, whatever it was. */
const STAND_IN_FORMER: FormerKey = { kid: 'former', fingerprint: 'former', origin: 'adopted' }

/** `undefined` for the ring of a host that does not rotate. A key that is being made is left to the simulation to make. */
export function simulatedDocument(ring: KeysAnswer): SimulatedDocument | undefined {
  const { id, revision, keys, policy, publication, settling, everPublished } = ring
  if (policy === undefined || publication === undefined) return undefined
  const { seenAt, ...change } = settling ?? { seenAt: undefined }
  const own = keys.filter((key) => key.origin === 'own')
  const adopted = keys.filter((key) => key.origin === 'adopted')
  const issuer: IssuerDocument = {
    version: FORMAT_VERSION,
    kind: 'issuer',
    id,
    issuer: `https://simulated.invalid/${id}`,
    revision,
    createdAt: 0,
    updatedAt: 0,
    writeNonce: '',
    policy: knownPolicy(policy),
    ...('revision' in change
      ? { settling: seenAt === undefined ? change : { ...change, seenAt } }
      : {}),
    ring: {
      keys: own.map((key) => ownRecord(key, revision)),
      adopted: adopted.map(adoptedRecord),
      former: everPublished ? [STAND_IN_FORMER] : [],
      leftovers: [],
    },
  }
  return { issuer, bounds: publication }
}

function knownPolicy(policy: NonNullable<KeysAnswer['policy']>): IssuerPolicy {
  return {
    ...policy,
    algorithm: signingAlgorithm(policy.algorithm),
    custody: known<Custody>(CUSTODIES, policy.custody, 'custody'),
  }
}

function ownRecord(key: OwnKey, revision: number): KeyRecord {
  const { kid, publishedAt, firstSeenAt, activatesAt, revokedAt } = key
  const alg = signingAlgorithm(key.alg)
  return {
    kid,
    alg,
    publicJwk: standInJwk(alg),
    publishedAt,
    publishedRevision: revision,
    custody: known<KeyCustody>(KEY_CUSTODIES, key.custody, 'custody'),
    keyRef: '' as KeyRef,
    slot: kid,
    ...(firstSeenAt === undefined ? {} : { firstSeenAt }),
    ...(activatesAt === undefined ? {} : { activatesAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  }
}

function adoptedRecord({
  kid,
  alg,
  fingerprint,
  publishedAt,
  withdrawal,
}: AdoptedKey): AdoptedKeyRecord {
  const published: PublishedAlgorithmName = isPublishedAlgorithm(alg) ? alg : 'RS256'
  const record = { kid, alg: published, fingerprint, publicJwk: standInJwk(published), publishedAt }
  return withdrawal === undefined ? record : { ...record, withdrawal }
}

function signingAlgorithm(name: string): SigningAlgorithm {
  return known<SigningAlgorithm>(SIGNING_ALGORITHMS, name, 'algorithm')
}

/** What a later host has cannot be simulated by this planner. */
function known<T extends string>(all: readonly T[], name: string, what: string): T {
  const found = all.find((each) => each === name)
  if (found !== undefined) return found
  throw new CliError(
    EXIT.refused,
    `the ring has the ${what} ${JSON.stringify(name)}, which this command does not know and cannot simulate: upgrade it`,
  )
}
