import { afterAll, beforeAll } from 'vitest'
import { wrappedKeyManager } from '../../src/adapters/signers/kms-wrapped/wrapped-key-manager.ts'
import { type KmsFake, startKmsFake } from '../support/aws/kms-fake.ts'
import { kmsAt, newWrappingKey } from '../support/aws/kms-managers.ts'
import { describeKeyManager } from './key-manager.ts'

let fake: KmsFake
let wrappingKey = ''

beforeAll(async () => {
  fake = await startKmsFake()
  wrappingKey = await newWrappingKey(fake.url)
})

afterAll(() => fake.close())

describeKeyManager('kms-wrapped', () =>
  wrappedKeyManager({ kms: kmsAt(fake.url), deployment: 'test', wrappingKey }),
)
