/**
 * What the commands of a rotation send to a host, and what they make of answers that a whole host rarely gives.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnsweringHost, answeringHost, type HostAnswer } from '../support/answering-host.ts'
import { type Finished, signet, temporaryDirectory } from '../support/signet.ts'
import { signetHere } from './in-process.ts'

const directory = await temporaryDirectory()
const secretFile = join(directory.path, 'secret')

beforeAll(() => writeFile(secretFile, 'a'.repeat(32), { mode: 0o600 }))
afterAll(() => directory[Symbol.asyncDispose]())

function run({ url }: AnsweringHost, command: string): Promise<Finished> {
  return signetHere([...command.split(' '), '--url', url, '--secret-file', secretFile])
}

/** `METHOD path body` of what was sent. */
function sent({ requests }: AnsweringHost): string[] {
  return requests.map(({ method, path, body }) => `${method} ${path} ${body}`.trim())
}

function refusal(status: number, error: string): HostAnswer {
  return { status, body: JSON.stringify({ error, error_description: `${error} it is` }) }
}

const report = { revision: 1, dryRun: false, actions: [], waits: [], nextMoment: null }
const place = { slot: '-slot', alg: 'RS256', custody: 'kms', forgottenAt: 1 }

/** Of issuers `a` and `b`, and `gone`, which was deleted. */
function installation(path: string): HostAnswer {
  const id = /\/issuers\/(\w+)\//.exec(path)?.[1]
  if (path.endsWith('/rotate')) return JSON.stringify({ id, ...report })
  if (path.endsWith('/sweep')) return JSON.stringify({ id, dryRun: false, entries: [] })
  const live = ['a', 'b'].map((name) => ({ id: name, issuer: 'https://a.example', createdAt: 1 }))
  const deleted = [{ id: 'gone', issuer: 'https://a.example/gone', deletedAt: 1 }]
  return JSON.stringify({ issuers: path.includes('deleted') ? deleted : live, next: null })
}

describe('what is sent', () => {
  test.each<[string, string[]]>([
    ['keys rotate a', ['POST /control/issuers/a/rotate {}']],
    ['keys rotate a --dry-run', ['POST /control/issuers/a/rotate {"dryRun":true}']],
    [
      'keys rotate',
      [
        'GET /control/issuers',
        'POST /control/issuers/a/rotate {}',
        'POST /control/issuers/b/rotate {}',
      ],
    ],
    ['keys sweep a', ['POST /control/issuers/a/sweep {}']],
    ['keys sweep a --window 7d', ['POST /control/issuers/a/sweep {"windowDays":7}']],
    ['keys sweep a --window 720h', ['POST /control/issuers/a/sweep {"windowDays":30}']],
    ['keys sweep a --take-back -slot', ['POST /control/issuers/a/sweep {"takeBack":"-slot"}']],
    [
      'keys sweep a --take-back -slot --dry-run',
      ['POST /control/issuers/a/sweep {"dryRun":true,"takeBack":"-slot"}'],
    ],
    [
      'keys sweep --dry-run',
      [
        'GET /control/issuers',
        'GET /control/issuers?deleted=true',
        'POST /control/issuers/a/sweep {"dryRun":true}',
        'POST /control/issuers/b/sweep {"dryRun":true}',
        'POST /control/issuers/gone/sweep {"dryRun":true}',
      ],
    ],
  ])('by %j', async (command, requests) => {
    await using host = await answeringHost(200, installation)
    expect(await run(host, command)).toMatchObject({ code: 0 })
    expect(sent(host)).toEqual(requests)
  })
})

describe('of several issuers', () => {
  test('each failure is a sentence, and the others are still run', async () => {
    await using host = await answeringHost(200, (path) =>
      path.endsWith('/a/rotate') ? refusal(503, 'key_service_busy') : installation(path),
    )
    expect(await run(host, 'keys rotate')).toEqual({
      code: 1,
      stdout: 'b (revision 1): nothing is due\n\nNothing was changed.\n',
      stderr:
        'signet: a was not rotated: key_service_busy it is\nsignet: 1 of 2 issuers were not rotated\n',
    })
  })

  test('one that was deleted since it was listed is no failure', async () => {
    await using host = await answeringHost(200, (path) =>
      path.endsWith('/a/rotate') ? refusal(410, 'issuer_deleted') : installation(path),
    )
    expect(await run(host, 'keys rotate')).toMatchObject({ code: 0, stderr: '' })
  })

  test('one whose document cannot be read is in both lists, and fails once', async () => {
    const entry = { id: 'broken', problem: 'its document is broken' }
    await using host = await answeringHost(200, JSON.stringify({ issuers: [entry], next: null }))
    expect(await run(host, 'keys sweep')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'signet: broken was not swept: its document is broken\nsignet: 1 of 1 issuers were not swept\n',
    })
  })
})

describe('a sweep', () => {
  test('of which one issuer failed does not say that nothing is left over', async () => {
    await using host = await answeringHost(200, (path) =>
      path.endsWith('/b/sweep') ? refusal(503, 'key_service_busy') : installation(path),
    )
    expect(await run(host, 'keys sweep')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'signet: b was not swept: key_service_busy it is\nsignet: 1 of 3 issuers were not swept\n',
    })
  })

  test.each(['keys sweep', 'keys sweep a'])('that finds nothing says so (%s)', async (command) => {
    await using host = await answeringHost(200, installation)
    expect(await run(host, command)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Nothing is left over: no key is kept that its ring has forgotten.\n',
    })
  })

  const ordered = { ...place, outcome: 'deletion_scheduled', deletedAt: 2, isNew: true }

  test('prints what becomes of keys, and how one is taken back', async () => {
    await using host = await answeringHost(
      200,
      JSON.stringify({ id: 'a', dryRun: false, entries: [ordered] }),
    )
    const { code, stdout, stderr } = await run(host, 'keys sweep a')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ISSUER .+\na .+ordered to be deleted .+\n$/)
    expect(stderr).toBe(
      `Until it is deleted, a key can be taken back: npx signet keys sweep a --take-back -slot --url ${host.url} --secret-file ${secretFile}\n`,
    )
  })

  test.each([[''], [' --json']])('that failed for a key ends with 1 (%j)', async (json) => {
    const failed = { ...place, outcome: 'failed', code: 'key_service_busy' }
    await using host = await answeringHost(
      200,
      JSON.stringify({ id: 'a', dryRun: false, entries: [failed] }),
    )
    const { code, stdout, stderr } = await run(host, `keys sweep a${json}`)
    expect(code).toBe(1)
    expect(stdout).toContain('key_service_busy')
    expect(stderr).toBe('signet: 1 key could not be swept: the next sweep tries again\n')
  })
})

describe('a host that does not rotate', () => {
  const older = refusal(404, 'not_found')
  const key = { kid: 'k', alg: 'RS256', custody: 'sealed', status: 'active', publishedAt: 1 }

  test('is said to be older by simulate', async () => {
    const ring = JSON.stringify({ id: 'a', revision: 1, keys: [key] })
    await using host = await answeringHost(200, ring)
    expect(await run(host, 'keys simulate a --for 1y')).toMatchObject({
      code: 1,
      stderr: `signet: the Signet at ${host.url} is older than this command and knows no simulation of its rings: upgrade it\n`,
    })
  })

  test('has its keys listed all the same', async () => {
    const ring = JSON.stringify({ id: 'a', revision: 1, keys: [key] })
    await using host = await answeringHost(200, ring)
    const { code, stdout } = await run(host, 'keys list a')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^a, revision 1\n\nKID .+\nk .+not decided\n/)
  })

  test('is asked to update all the same, where it does not know what takes effect when', async () => {
    const policy = {
      algorithm: 'RS256',
      custody: 'sealed',
      rotationPeriodSeconds: 1,
      propagationDelaySeconds: 1,
      tokenTtlMaxSeconds: 1,
      jwksMaxAgeSeconds: 1,
    }
    const issuer = { id: 'a', issuer: 'https://a.example', revision: 2, createdAt: 1, updatedAt: 1 }
    const asked: string[] = []
    await using host = await answeringHost(200, (_path, method) => {
      asked.push(method)
      return asked.length === 1
        ? refusal(400, 'invalid_request')
        : JSON.stringify({ ...issuer, policy, keys: [key] })
    })
    const updated = await run(host, 'issuer update a --rotation-period 7d')
    expect(updated).toMatchObject({ code: 0, stderr: 'Updated issuer a.\n' })
    expect(host.requests.map(({ body }) => body)).toEqual([
      '{"policy":{"rotationPeriodSeconds":604800},"dryRun":true}',
      '{"policy":{"rotationPeriodSeconds":604800}}',
    ])
  })

  test('is said to be older by rotate and sweep', async () => {
    await using host = await answeringHost(200, (path) =>
      /rotate|sweep/.test(path) ? older : installation(path),
    )
    for (const command of ['rotate', 'sweep']) {
      const { code, stderr } = await run(host, `keys ${command} a`)
      expect(code).toBe(1)
      expect(stderr).toContain('is older than this command')
    }
  })
})

test("keys --help has examples for a job of one's own", async () => {
  const { stdout } = await signet(['keys', '--help'])
  expect(stdout).toContain('npx signet keys simulate prod --for 1y')
  const { stdout: rotate } = await signet(['keys', 'rotate', '--help'])
  expect(rotate).toContain('kind: CronJob')
  expect(rotate).toContain('*/15 * * * *  npx signet keys rotate --url')
})
