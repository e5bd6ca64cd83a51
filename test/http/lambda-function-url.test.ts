import { afterAll, beforeAll, describe } from 'vitest'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { describeEntrance } from './suite/index.ts'

describe('the functions behind Function URLs', () => {
  let host: LambdaHost

  beforeAll(async () => {
    host = await lambdaHost({ entrance: { type: 'function-url' } })
  })

  afterAll(() => host.close())

  describeEntrance(() => host)
})
