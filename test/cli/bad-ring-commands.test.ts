/**
 * Command lines for a ring and its policy that are refused here: with 2, in one sentence, and before anything is sent.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnsweringHost, answeringHost } from '../support/answering-host.ts'
import { type Finished, temporaryDirectory } from '../support/signet.ts'
import { signetHere } from './in-process.ts'

const directory = await temporaryDirectory()
const secretFile = join(directory.path, 'secret')
let host: AnsweringHost

beforeAll(async () => {
  host = await answeringHost(404, '{}')
  await writeFile(secretFile, 'a'.repeat(32), { mode: 0o600 })
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await directory[Symbol.asyncDispose]()
})

async function run(args: readonly string[]): Promise<Finished> {
  return signetHere([...args, '--url', host.url, '--secret-file', secretFile])
}

/** One sentence that has this in it. */
function expectRefused({ code, stdout, stderr }: Finished, sentence: string): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^signet: .+\n$/)
  expect(stderr).toContain(sentence)
}

test('command lines that are right are sent, so that what follows can fail', async () => {
  for (const command of ['keys sweep prod --window 7d', 'keys simulate prod --for 1y']) {
    const before = host.seen.length
    expect(await run(command.split(' '))).toMatchObject({ code: 1 })
    expect(host.seen).toHaveLength(before + 1)
  }
})

const WINDOW = '--window must be whole days from 7d to 30d, such as 7d (a bare number is seconds)'

describe('keys rotate, confirm, sweep, list and simulate', () => {
  test.each<[string, string]>([
    ['keys rotate Prod', 'id must be 1 to 63 lower-case letters'],
    ['keys confirm ../prod', 'id must be 1 to 63 lower-case letters'],
    ['keys sweep Prod', 'id must be 1 to 63 lower-case letters'],
    ['keys list Prod', 'id must be 1 to 63 lower-case letters'],
    ['keys simulate Prod --for 1y', 'id must be 1 to 63 lower-case letters'],
    ['keys sweep --take-back slot', "--take-back is of one issuer's key: name the issuer"],
    [
      'keys sweep prod --take-back slot --window 7d',
      '--take-back has nothing deleted: leave out --window',
    ],
    ['keys sweep prod --take-back a --take-back b', '--take-back must be given once'],
    ['keys sweep --window 6d', `${WINDOW}, got 6d`],
    ['keys sweep --window 31d', `${WINDOW}, got 31d`],
    ['keys sweep --window 169h', `${WINDOW}, got 169h`],
    ['keys sweep --window 30', `${WINDOW}, got 30`],
    ['keys sweep --window 1w', 'a duration must be a whole number with s, m, h or d (such as 90d'],
    ['keys sweep --window 7d --window 8d', '--window must be given once'],
    ['keys simulate prod --for 23h', '--for must be from 1 d to 3650 d, got 23h'],
    ['keys simulate prod --for 11y', '--for must be from 1 d to 3650 d, got 11y'],
    ['keys simulate prod --for soon', 'a duration must be a whole number with s, m, h, d, w or y'],
    ['keys simulate prod --for 1y --for 2y', '--for must be given once'],
    ['keys simulate prod --for 1y --every 59s', '--every must be from 1 min to 7 d, got 59s'],
    ['keys simulate prod --for 1y --every 8d', '--every must be from 1 min to 7 d, got 8d'],
    [
      'keys simulate prod --for 30d --every 1w',
      'a duration must be a whole number with s, m, h or',
    ],
    [
      'keys simulate prod --for 1y --every 1m',
      '--for and --every together must make at most 400000 runs of the job, got 525600: make --every longer',
    ],
  ])('refuses %j, and sends nothing', async (command, sentence) => {
    const before = host.seen.length
    expectRefused(await run(command.split(' ')), sentence)
    expect(host.seen).toHaveLength(before)
  })

  test('refuses an empty --take-back, and sends nothing', async () => {
    const before = host.seen.length
    const refusal = await run(['keys', 'sweep', 'prod', '--take-back', ''])
    expectRefused(refusal, '--take-back must be a slot as a sweep names it, got nothing')
    expect(host.seen).toHaveLength(before)
  })
})

describe('issuer update', () => {
  test.each<[string, string]>([
    [
      'issuer update prod',
      'nothing to change: give at least one of --algorithm, --custody, --rotation-period, --propagation-delay, --token-ttl-max, --jwks-max-age, --reseal',
    ],
    [
      'issuer update prod --dry-run',
      'nothing to change: give at least one of --algorithm, --custody, --rotation-period, --propagation-delay, --token-ttl-max, --jwks-max-age\n',
    ],
    [
      'issuer update prod --reseal --dry-run',
      '--dry-run is of a change of the policy: leave out --reseal',
    ],
    [
      'issuer update prod --algorithm PS256',
      '--algorithm must be one of RS256, ES256, got "PS256"',
    ],
    [
      'issuer update prod --custody none',
      '--custody must be one of kms, kms-wrapped, sealed, got "none"\n',
    ],
    ['issuer update prod --rotation-period 59m', '--rotation-period must be from 1 h to 3650 d'],
    ['issuer update prod --algorithm RS256 --algorithm ES256', '--algorithm must be given once'],
  ])('refuses %j, and sends nothing', async (command, sentence) => {
    const before = host.seen.length
    expectRefused(await run(command.split(' ')), sentence)
    expect(host.seen).toHaveLength(before)
  })
})
