import { describe, expect, test } from 'vitest'
import { claimProblems } from '../../../src/tokens/extra-claims.ts'

/** Each problem of claims that came as JSON, as its place and its message. */
function problemsOf(json: string): string[] {
  const problems = claimProblems(JSON.parse(json) as Record<string, unknown>)
  return [...problems].map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const ISSUERS =
  'must not be given (only the issuer sets iss, sub, aud, exp, nbf, iat, jti, azp, kubernetes.io)'
const NUMBER =
  'must be a number that is finite and, where it is whole, from -9007199254740991 to 9007199254740991'
const TEXT = 'must be text without lone surrogates'
const NAME = 'must have a name of printable characters'
const EMPTY = 'must have no member with an empty name'
const PROTOTYPE = 'must not be given (it is no claim)'

describe('further claims that are taken', () => {
  test.each([
    ['none', '{}'],
    ['every kind of value', '{"a":[1,2.5,true,false,null,"x",{"b":{}}]}'],
    ['the greatest whole numbers', '{"a":9007199254740991,"b":-9007199254740991}'],
    ['numbers with a fraction', '{"a":1e-400,"b":0.1,"c":-2.5e-10}'],
    ['texts of the world, of two lines and empty', '{"a":"Zürich 🔑","b":"a\\nb","c":""}'],
    ['names of the world', '{"größe":1,"🔑":2,"https://aws.amazon.com/tags":{}}'],
    ['registered names further inside', '{"act":{"sub":"x","iss":"y"}}'],
    ['names of other members of objects', '{"constructor":1,"toString":{"valueOf":2}}'],
  ])('%s', (_title, json) => {
    expect(problemsOf(json)).toEqual([])
  })
})

describe('further claims that are refused', () => {
  test.each([
    ['a registered one', '{"ok":1,"sub":"x"}', [`sub: ${ISSUERS}`]],
    ['each of two registered ones', '{"exp":1,"azp":2}', [`exp: ${ISSUERS}`, `azp: ${ISSUERS}`]],
    ['a number beyond all', '{"a":1e400}', [`a: ${NUMBER}`]],
    ['a negative one further inside', '{"a":{"b":[1,-1e400]}}', [`a.b.1: ${NUMBER}`]],
    ['a whole number that is not exact', '{"a":9007199254740992}', [`a: ${NUMBER}`]],
    ['a great one that looks exact', '{"a":[1e300]}', [`a.0: ${NUMBER}`]],
    ['half a character', '{"a":"\\ud83d"}', [`a: ${TEXT}`]],
    ['half a character further inside', '{"a":[{"b":"x\\udd11"}]}', [`a.0.b: ${TEXT}`]],
    ['half a character in a name', '{"a":{"\\ud83d":1}}', [`a.\ud83d: ${NAME}`]],
    ['a name that turns the line round', '{"a\u202eb":1}', [`a\u202eb: ${NAME}`]],
    ['a name of two lines', '{"a\\nb":1}', [`a\nb: ${NAME}`]],
    ['a name with a zero-width space', '{"a":{"b\u200b":1}}', [`a.b\u200b: ${NAME}`]],
    ['an empty name', '{"":1}', [`: ${EMPTY}`]],
    ['an empty name further inside', '{"a":[{"":1}]}', [`a.0: ${EMPTY}`]],
    ['the prototype', '{"__proto__":{"iss":"x"}}', [`__proto__: ${PROTOTYPE}`]],
    ['the prototype further inside', '{"a":[{"__proto__":1}]}', [`a.0.__proto__: ${PROTOTYPE}`]],
    [
      'everything at once, in its order',
      '{"jti":"x","a":[1e400,"\\ud83d"]}',
      [`jti: ${ISSUERS}`, `a.0: ${NUMBER}`, `a.1: ${TEXT}`],
    ],
  ])('%s', (_title, json, problems) => {
    expect(problemsOf(json)).toEqual(problems)
  })

  test.each([
    ['objects', '{"a":', '}'],
    ['lists', '[', ']'],
  ])('%s that are nested deeper than sixteen, however deep', (_title, open, close) => {
    const nested = (depth: number) => `{"x":${open.repeat(depth)}1${close.repeat(depth)}}`
    expect(problemsOf(nested(15))).toEqual([])
    expect(problemsOf(nested(16))).toEqual(['x: must be nested at most 16 deep'])
    expect(problemsOf(nested(4000))).toEqual(['x: must be nested at most 16 deep'])
  })
})
