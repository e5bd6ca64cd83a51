import { afterAll, beforeAll, describe } from 'vitest'
import { inProcessHost } from '../support/hosts/in-process.ts'
import type { TestHost } from '../support/hosts/test-host.ts'
import { describeHttp } from './suite/index.ts'

describe('the host in process', () => {
  let host: TestHost

  beforeAll(() => {
    host = inProcessHost()
  })

  afterAll(() => host.close())

  describeHttp(() => host)
})
