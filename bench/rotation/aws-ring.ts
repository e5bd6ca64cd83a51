/**
 * One ring on S3 and AWS KMS, its time and its calls: what is counted is what its rotations and sweeps ask for.
 *
 * Its public documents come from a host that reads the bucket by no call, and keeps nothing in memory.
 */

import { randomBytes } from 'node:crypto'
import { rememberingSigners } from '../../src/signers/remembered-signers.ts'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { wrappedKeyManagers } from '../../src/adapters/signers/kms-key-managers.ts'
import { sealedKeyManager } from '../../src/adapters/signers/sealed/sealed-key-manager.ts'
import type { Clock } from '../../src/clock.ts'
import { parseHostConfig } from '../../src/config/host-config.ts'
import { timerDeadline } from '../../src/deadline.ts'
import { ownRotation } from '../../src/host/own-rotation.ts'
import { createPublicHost } from '../../src/host/public-side.ts'
import { newIssuerDocument } from '../../src/issuers/issuer-changes.ts'
import { DEFAULT_POLICY } from '../../src/issuers/policy.ts'
import { type JobName, runJob } from '../../src/jobs/run-job.ts'
import type { Rotation } from '../../src/keyring/rotation.ts'
import { publicIssuersFromDocuments } from '../../src/reading/public-issuers.ts'
import type { KeyCustody } from '../../src/signers/key-manager.ts'
import { type KeyManagers, keyManagers } from '../../src/signers/key-managers.ts'
import { type KmsFake, startKmsFake } from '../../test/support/aws/kms-fake.ts'
import { kmsAt, newWrappingKey, SIGNERS } from '../../test/support/aws/kms-managers.ts'
import { type S3Fake, startS3Fake } from '../../test/support/aws/s3-fake.ts'
import { storeOver } from '../../test/support/aws/s3-stores.ts'
import { HOST_NAME } from '../host-name.ts'
import { NOW } from './rings.ts'

export interface AwsRing extends AsyncDisposable {
  readonly kms: KmsFake
  /** Written with its first key, where that is made before; what that takes is not counted. */
  create(id: string): Promise<void>
  wait(seconds: number): void
  /** The calls that `work` has made: of S3, of KMS, and `requests` for each of public documents. */
  callsOf(work: (rotation: Rotation) => Promise<unknown>): Promise<readonly string[]>
  callsOfJob(name: JobName): Promise<readonly string[]>
}

const DEPLOYMENT = 'bench'
const PUBLIC_URL = `https://${HOST_NAME}`
/** The installation's own, the same for every function that starts. */
const SECRET = Uint8Array.from(randomBytes(32))
const log = (): void => {}

export async function awsRing(custody: KeyCustody): Promise<AwsRing> {
  let now = NOW
  const clock: Clock = { now: () => now }
  const [s3, kms] = await Promise.all([startS3Fake(), startKmsFake({ now: () => now })])
  const requests: string[] = []
  const documents = storeOver(s3)
  const options = {
    documents,
    publicIssuers: documents,
    fetch: publicFetch(s3, clock, requests),
    clock,
    deadline: timerDeadline,
    log,
  }
  const wrappingKey = await newWrappingKey(kms.url)
  // With nothing in memory, as a function has it that starts anew.
  const start = () =>
    ownRotation({ ...options, keyManagers: managersOver(kms, wrappingKey, custody) })
  const counting = async (work: () => Promise<unknown>) => {
    const before = [s3.calls.length, kms.calls.length, requests.length] as const
    await work()
    const [ofS3, ofKms, ofRequests] = before
    return [...s3.calls.slice(ofS3), ...kms.calls.slice(ofKms), ...requests.slice(ofRequests)]
  }
  return {
    kms,
    create: async (id) => {
      const { rotation, issuers } = start()
      const policy = { ...DEFAULT_POLICY, algorithm: 'ES256', custody } as const
      const document = newIssuerDocument({ id, issuer: `${PUBLIC_URL}/${id}`, policy }, now)
      await issuers.insert(await rotation.prepare(document, now))
      if (custody === 'kms') await rotation.run(id)
    },
    wait: (seconds) => {
      now += seconds
    },
    callsOf: (work) => counting(() => work(start().rotation)),
    callsOfJob: (name) =>
      counting(() => runJob({ documents, rotation: start().rotation, clock, log }, name)),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([s3.close(), kms.close()])
    },
  }
}

function managersOver(kms: KmsFake, wrappingKey: string, custody: KeyCustody): KeyManagers {
  const api = kmsAt(kms.url)
  const all = [
    kmsKeyManager({ kms: api, deployment: DEPLOYMENT, signers: SIGNERS }),
    ...wrappedKeyManagers({ kms: api, deployment: DEPLOYMENT, wrappingKey }),
    rememberingSigners(sealedKeyManager({ secret: SECRET, deployment: DEPLOYMENT })),
  ]
  const [first, ...others] = all.filter((manager) => manager.custody === custody)
  if (first === undefined) throw new TypeError(`there is no custody ${custody}`)
  return keyManagers(first, ...others)
}

/** As relying parties see the documents, from a host that starts anew for each of them. */
function publicFetch(s3: S3Fake, clock: Clock, requests: string[]): typeof fetch {
  const problems: string[] = []
  const config = parseHostConfig({ PUBLIC_URL, DEPLOYMENT }, problems)
  if (config === undefined) throw new TypeError(problems.join('; '))
  const publicIssuers = publicIssuersFromDocuments({
    name: 'bucket',
    stalenessSeconds: 0,
    get: async (key) => {
      const body = s3.objects()[key]
      return body === undefined ? undefined : { body }
    },
  })
  return async (input, init) => {
    requests.push('requests')
    const host = createPublicHost({ config, publicIssuers, log, clock })
    return host.fetch(new Request(input, init))
  }
}
