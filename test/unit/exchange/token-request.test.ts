import { describe, expect, test } from 'vitest'
import { readTokenRequest } from '../../../src/exchange/token-request.ts'
import { EXCHANGE_BODY_BYTES_MAX } from '../../../src/limits.ts'
import { AWS_AUDIENCE, formRequest, JWT_TYPE } from './exchange-world.ts'
import { GOOD, streamed } from './form-requests.ts'

const TYPE = 'urn:ietf:params:oauth:token-type:'

async function read(request: Request): Promise<object> {
  const answer = await readTokenRequest(request)
  return answer.ok ? answer.value : answer.refusal
}

describe('a form is read', () => {
  const usual = {
    subjectToken: 'a.b.c',
    subjectTokenType: 'jwt',
    audience: AWS_AUDIENCE,
    issuedTokenType: 'jwt',
  }

  test.each<[title: string, body: string, expected?: object]>([
    ['as clients send it', GOOD],
    ['with a parameter that is not known', `${GOOD}&client_id=somebody&foo=1`],
    ['with empty pieces', `&&${GOOD}&&`],
    ['with parameters that have no value', `${GOOD}&scope=&actor_token&resource=&client_secret=`],
    ['with an empty name', `${GOOD}&=nothing`],
    [
      'with escapes',
      GOOD.replace(AWS_AUDIENCE, '%73ts%2Eamazonaws.com').replace('grant_type', 'grant%5Ftype'),
    ],
    [
      'with a space',
      GOOD.replace(AWS_AUDIENCE, 'two+words%20or%2Bmore'),
      { audience: 'two words or+more' },
    ],
    ['with an equals sign in a value', GOOD.replace(AWS_AUDIENCE, 'a=b'), { audience: 'a=b' }],
    ['with UTF-8', GOOD.replace(AWS_AUDIENCE, 'größe%C3%9F'), { audience: 'größeß' }],
    [
      'with a resource',
      GOOD.replace(`audience=${AWS_AUDIENCE}`, 'resource=https%3A%2F%2Fapi.example.com%2Fa%3Fb'),
      { audience: 'https://api.example.com/a?b' },
    ],
    [
      'with a resource that is a URN',
      GOOD.replace(`audience=${AWS_AUDIENCE}`, 'resource=urn:example:api'),
      { audience: 'urn:example:api' },
    ],
    ...(['jwt', 'id_token', 'access_token'] as const).flatMap(
      (type): [string, string, object][] => [
        [
          `of a subject token of type ${type}`,
          GOOD.replace(encodeURIComponent(JWT_TYPE), `${TYPE}${type}`),
          { subjectTokenType: type },
        ],
        [
          `that requests type ${type}`,
          `${GOOD}&requested_token_type=${TYPE}${type}`,
          { issuedTokenType: type },
        ],
      ],
    ),
  ])('%s', async (_title, body, expected = {}) => {
    expect(await read(formRequest(body))).toStrictEqual({ ...usual, ...expected })
  })

  test.each([
    'application/x-www-form-urlencoded; charset=utf-8',
    'application/x-www-form-urlencoded;charset=UTF-8',
    'Application/X-WWW-Form-Urlencoded ; charset="utf-8" ',
    'application/x-www-form-urlencoded;',
  ])('of type %s', async (type) => {
    expect(await read(formRequest(GOOD, { 'Content-Type': type }))).toStrictEqual(usual)
  })

  test('with a body as long as may be, in pieces', async () => {
    const body = `${GOOD}&padding=${'x'.repeat(EXCHANGE_BODY_BYTES_MAX)}`
    const exact = body.slice(0, EXCHANGE_BODY_BYTES_MAX)
    expect(await read(streamed([exact.slice(0, 9), exact.slice(9)]))).toStrictEqual(usual)
  })
})
