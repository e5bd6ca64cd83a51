/**
 * What the public and an operator see of adopted keys, byte by byte.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import { EKS_KID, EKS_PUBLIC_KEY } from '../../support/hosts/eks-fixture.ts'
import {
  adopt,
  control,
  createIssuer,
  createPublishOnly,
  revisionAfter,
} from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { isBehindCdn } from './before-host.ts'
import { goldenFile, goldenText, namesOf } from './golden.ts'

/** RFC 7517 §A.1. */
const RFC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  use: 'sig',
  kid: '1',
}

export function describeAdoptedKeysGolden(getHost: () => TestHost): void {
  describe('golden answers of adopted keys', () => {
    let both = ''
    let publishOnly = ''
    let empty = ''
    const answers: Record<string, TestResponse> = {}

    beforeAll(async () => {
      const host = getHost()
      both = (await createIssuer(host)).id
      publishOnly = (await createPublishOnly(host)).id
      empty = (await createPublishOnly(host)).id
      const [query, keys] = [`?kid=${EKS_KID}`, EKS_PUBLIC_KEY]
      answers['adopt'] = await adopt(host, publishOnly, { keys, query })
      answers['adopt-instead'] = await adopt(host, publishOnly, { keys: RFC_KEY })
      await adopt(host, both, { keys, query })
      answers['show-publish-only'] = await control(host, 'GET', `/issuers/${publishOnly}`)
    })

    const ids = () => ({ both, publishOnly, empty })

    test.each(['adopt', 'adopt-instead', 'show-publish-only'])('%s', async (name) => {
      const text = goldenText(answers[name] as TestResponse, namesOf(getHost(), publishOnly))
      await expect(text).toMatchFileSnapshot(goldenFile(name))
    })

    test.each<[file: string, which: 'both' | 'publishOnly' | 'empty', path: string]>([
      ['jwk-set-adopted', 'both', '.well-known/jwks.json'],
      ['discovery-adopted', 'both', '.well-known/openid-configuration'],
      ['jwk-set-publish-only', 'publishOnly', '.well-known/jwks.json'],
      ['discovery-publish-only', 'publishOnly', '.well-known/openid-configuration'],
      ['health-publish-only', 'publishOnly', 'healthz'],
      ['no-published-key', 'empty', '.well-known/jwks.json'],
      ['no-published-key', 'empty', '.well-known/openid-configuration'],
      ['health-no-published-key', 'empty', 'healthz'],
    ])('%s', async (file, which, path) => {
      const id = ids()[which]
      const response = await getHost().request('GET', `/${id}/${path}`)
      // There is no copy of it either, and that is what S3 says in its own words.
      const isOfS3 = file === 'no-published-key' && isBehindCdn(getHost())
      expect(response.status === 404).toBe(isOfS3)
      if (isOfS3) return
      const revisionWhenNew = which === 'both' ? revisionAfter(getHost(), 0) : 1
      const text = goldenText(response, namesOf(getHost(), id), revisionWhenNew)
      await expect(text).toMatchFileSnapshot(goldenFile(file))
    })
  })
}
