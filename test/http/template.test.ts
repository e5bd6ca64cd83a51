/**
 * What is deployed, whole: the HTTP suite on the functions, the APIs and the distribution of the template.
 */

import { afterAll, beforeAll, describe } from 'vitest'
import { type TemplateHost, templateHost } from '../support/hosts/template.ts'
import { describeHttp } from './suite/index.ts'

describe('the functions as the template deploys them', () => {
  let host: TemplateHost

  beforeAll(async () => {
    host = await templateHost()
  })

  afterAll(async () => {
    await host.close()
    const { denials } = host.iam
    if (denials.length > 0) throw new Error(`IAM has denied ${JSON.stringify(denials)}`)
  })

  describeHttp(() => host, { installation: 'deployed' })
})
