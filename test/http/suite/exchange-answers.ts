/**
 * What the token endpoint answers to whatever is sent to it: whole answers, other methods, and issuers that issue no tokens.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import {
  bodyOf,
  control,
  createIssuer,
  createPublishOnly,
} from '../../support/hosts/control-client.ts'
import type { TestHost, TestResponse } from '../../support/hosts/test-host.ts'
import { createExchangingIssuer, type ExchangingIssuer, post } from './exchanging.ts'
import { goldenFile, goldenText, namesOf } from './golden.ts'

/** No issuer has this id. */
const NOBODY = 'nobody'

export function describeExchangeAnswers(getHost: () => TestHost): void {
  let issuer: ExchangingIssuer

  beforeAll(async () => {
    issuer = await createExchangingIssuer(getHost())
  })

  test('the whole answer', async () => {
    const answer = await issuer.exchange()
    const text = goldenText(withoutSecrets(answer), namesOf(getHost(), issuer.id))
    await expect(text.replace(/"expires_in":\d+/, '"expires_in":{seconds}')).toMatchFileSnapshot(
      goldenFile('token-issued'),
    )
  })

  test('the whole answer of a refusal', async () => {
    const answer = await issuer.exchange({ audience: 'elsewhere' })
    const text = goldenText(withoutSecrets(answer), namesOf(getHost(), issuer.id))
    await expect(text).toMatchFileSnapshot(goldenFile('token-refused'))
  })

  test.each(['OPTIONS', 'GET'])('the whole answer to %s', async (method) => {
    const answer = await getHost().request(method, `/${issuer.id}/token`)
    const text = goldenText(answer, namesOf(getHost(), issuer.id))
    await expect(text).toMatchFileSnapshot(goldenFile(`token-${method.toLowerCase()}`))
  })

  test.each(['HEAD', 'PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
    const answer = await getHost().request(method, `/${issuer.id}/token`)
    expect([answer.status, answer.headers['allow']]).toStrictEqual([405, 'POST, OPTIONS'])
  })

  describe('an issuer without exchange', () => {
    test('is 404 where there is none', async () => {
      expect(await answersOf(getHost(), NOBODY, issuer.form())).toStrictEqual([
        404,
        'not_found',
        404,
        404,
      ])
    })

    test('is 404 where it only publishes', async () => {
      const { id } = await createPublishOnly(getHost())
      expect(await answersOf(getHost(), id, issuer.form())).toStrictEqual([
        404,
        'not_found',
        404,
        404,
      ])
    })

    test('is 410 where it was deleted', async () => {
      const { id } = await createIssuer(getHost())
      await control(getHost(), 'DELETE', `/issuers/${id}`)
      expect(await answersOf(getHost(), id, issuer.form())).toStrictEqual([
        410,
        'issuer_deleted',
        410,
        410,
      ])
    })

    test('is 400 where it has no policy', async () => {
      const { id } = await createIssuer(getHost())
      expect(await answersOf(getHost(), id, issuer.form())).toStrictEqual([
        400,
        'unauthorized_client',
        400,
        405,
      ])
    })
  })
}

/** With placeholders for what nobody else may have, and for what is random. */
function withoutSecrets({ status, headers, body }: TestResponse): TestResponse {
  const id = headers['signet-request-id'] ?? 'no request id'
  const named = { ...headers, 'signet-request-id': '{request id}' }
  return {
    status,
    headers: named,
    body: body.replaceAll(/eyJ[\w.-]+/g, '{token}').replaceAll(id, '{request id}'),
  }
}

/** To a good form, to none, and to another method. */
async function answersOf(host: TestHost, id: string, form: string): Promise<unknown[]> {
  const good = await post(host, id, form)
  // Of what the log has a record of: nobody's issuer has none.
  expect(good.headers['signet-request-id'] ?? 'none').toMatch(
    id === NOBODY ? /^none$/ : /^[\da-f-]{36}$/,
  )
  const { status } = await post(host, id, '')
  const read = await host.request('GET', `/${id}/token`)
  return [good.status, bodyOf(good)['error'], status, read.status]
}
