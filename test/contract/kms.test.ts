import { afterAll, beforeAll } from 'vitest'
import { kmsKeyManager } from '../../src/adapters/signers/kms/kms-key-manager.ts'
import { type KmsFake, startKmsFake } from '../support/aws/kms-fake.ts'
import { kmsAt, SIGNERS } from '../support/aws/kms-managers.ts'
import { describeKeyManager } from './key-manager.ts'

let fake: KmsFake

beforeAll(async () => {
  fake = await startKmsFake()
})

afterAll(() => fake.close())

describeKeyManager('kms', () =>
  kmsKeyManager({ kms: kmsAt(fake.url), deployment: 'test', signers: SIGNERS }),
)
