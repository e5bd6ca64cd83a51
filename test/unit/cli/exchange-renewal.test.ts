import { expect, test } from 'vitest'
import { ExchangeFailure } from '../../../src/cli/exchange/exchange-failure.ts'
import { renewalDelay, retryDelay } from '../../../src/cli/exchange/renewal.ts'
import { CliError, EXIT } from '../../../src/cli/exit.ts'

test.each([
  [3600, 0, 2880],
  [3600, 1, 2700],
  [86_400, 0, 69_120],
  [60, 0, 48],
  [6, 0, 5],
  [1, 1, 5],
])('a token that lives for %i s is renewed, by chance %i, after %i s', (life, random, delay) => {
  expect(renewalDelay(life, random)).toBeCloseTo(delay)
})

const passing = new ExchangeFailure(EXIT.unreachable, 'no', { isFinal: false })
const refused = new ExchangeFailure(EXIT.refused, 'no', { isFinal: true })
const noFile = new CliError(EXIT.usage, 'no')

test.each<[string, CliError, number, number]>([
  ['the first failure', passing, 1, 1],
  ['the second', passing, 2, 2],
  ['the sixth', passing, 6, 32],
  ['the seventh', passing, 7, 60],
  ['the five thousandth', passing, 5000, 60],
  ['a file that cannot be read', noFile, 3, 4],
  ['a refusal', refused, 1, 60],
  ['a later refusal', refused, 9, 60],
])('after %s it waits for as long at most, and for half of it at least', (...row) => {
  const [, failure, failures, longest] = row
  expect(retryDelay(failure, failures, 0)).toBe(longest)
  expect(retryDelay(failure, failures, 1)).toBe(longest / 2)
})

test.each([
  [0, 1],
  [7, 7],
  [90, 90],
  [86_400, 600],
])('a host that asks for %i s is given %i s', (retryAfterSeconds, delay) => {
  const failure = new ExchangeFailure(EXIT.refused, 'no', { isFinal: false, retryAfterSeconds })
  expect(retryDelay(failure, 1, 0)).toBe(delay)
})
