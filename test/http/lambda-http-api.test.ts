import { afterAll, beforeAll, describe } from 'vitest'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { describeHttp } from './suite/index.ts'

describe('the functions behind an HTTP API with a stage', () => {
  let host: LambdaHost

  beforeAll(async () => {
    host = await lambdaHost({ entrance: { type: 'http-api', stage: 'prod' } })
  })

  afterAll(() => host.close())

  describeHttp(() => host)
})
