/**
 * Signet on AWS in this process: a function for the public, one for operators, and one that makes keys, each with clients of
 * its own at each place.
 */

import type { Kms } from '../../src/adapters/aws/kms.ts'
import { kmsKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { issuerKey } from '../../src/issuers/issuer-repository.ts'
import { publicationBounds } from '../../src/reading/publication-bounds.ts'
import type { KeyManagers } from '../../src/signers/key-managers.ts'
import type { DocumentStore } from '../../src/storage/document-store.ts'
import { type KmsFake, startKmsFake } from '../support/aws/kms-fake.ts'
import { kmsAt, newWrappingKey, SIGNERS } from '../support/aws/kms-managers.ts'
import { startS3Fake } from '../support/aws/s3-fake.ts'
import { storeOver } from '../support/aws/s3-stores.ts'
import { disturbAws } from './aws-disturbances.ts'
import { type RingClock, START } from './controlled-time.ts'
import { functionsHost, jobOver } from './hosts-over-ports.ts'
import { mortal } from './mortal-calls.ts'
import {
  type KeptKey,
  type Place,
  type RingWorld,
  ringWorld,
  type WorldParts,
} from './ring-world.ts'
import { readSwitch } from './switched-reads.ts'

export const AWS_DEPLOYMENT = 'test'
const PUBLIC_URL = 'https://oidc.acme.dev'

export interface ClosableWorld extends RingWorld {
  close(): Promise<void>
}

/** What an instance calls. */
export interface AwsClients {
  readonly documents: DocumentStore
  readonly kms: Kms
}

export interface AwsParts extends Pick<
  WorldParts,
  'name' | 'custodies' | 'keptKeys' | 'disturb' | 'calm'
> {
  readonly clock: RingClock
  /** Those of a new instance. */
  readonly newClients: () => AwsClients
  readonly keysOver: (kms: Kms) => KeyManagers
}

/** Over whatever answers as S3 and KMS do. */
export function worldOverAws({ newClients, keysOver, clock, ...parts }: AwsParts): RingWorld {
  const clients = new Map<Place, AwsClients>()
  const own = newClients()
  const { outage, switched } = readSwitch()

  function clientsAt(place: Place): AwsClients {
    const its = clients.get(place) ?? newClients()
    clients.set(place, its)
    return its
  }

  return ringWorld({
    ...parts,
    publicUrl: PUBLIC_URL,
    controlSecret: 'nobody-asks-for-it',
    stalenessSeconds: publicationBounds(own.documents).documentStalenessSeconds,
    clock,
    outage,
    hostAt: (place, jobs) => {
      const { documents, kms } = clientsAt(place)
      const ports = { documents, keyManagers: keysOver(kms), publicUrl: PUBLIC_URL, clock }
      const reads = switched(documents)
      return functionsHost({ ...ports, deployment: AWS_DEPLOYMENT, reads }, place, jobs)
    },
    jobOf: (place, fetch, life) => {
      const { documents, kms } = clientsAt(place)
      const keyManagers = keysOver(mortal(kms, life))
      return jobOver({ documents: mortal(documents, life), keyManagers, clock }, place, fetch)
    },
    storedBody: async (id) => (await own.documents.get(issuerKey(id)))?.body ?? '',
  })
}

/** Over the fakes. */
export async function awsWorld(): Promise<ClosableWorld> {
  const clock = { seconds: START }
  const [s3, kms] = await Promise.all([startS3Fake(), startKmsFake({ now: () => clock.seconds })])
  const wrappingKey = await newWrappingKey(kms.url)
  const world = worldOverAws({
    name: 'S3 and KMS',
    custodies: ['kms', 'kms-wrapped', 'kms'],
    clock,
    newClients: () => ({
      documents: storeOver(s3, { prefix: `${AWS_DEPLOYMENT}/` }),
      kms: kmsAt(kms.url),
    }),
    keysOver: (api) =>
      kmsKeyManagers({
        kms: api,
        deployment: AWS_DEPLOYMENT,
        signers: SIGNERS,
        wrappingKey,
        defaultCustody: 'kms',
      }),
    keptKeys: async (id) => keptIn(kms, id),
    disturb: (random) => disturbAws({ s3, kms }, random),
    calm: () => {
      s3.heal()
      kms.heal()
    },
  })
  return Object.assign(world, {
    close: async () => {
      await Promise.all([s3.close(), kms.close()])
    },
  })
}

/** By their tags, as whoever pays for them sees them. */
export function keptIn(kms: KmsFake, id: string): KeptKey[] {
  return kms
    .keys()
    .filter(({ tags }) => tags['signet:issuer'] === id)
    .map(({ tags, state }) => ({
      slot: tags['signet:slot'] ?? '',
      isDeleted: state === 'PendingDeletion',
    }))
}
