/**
 * The commands that rotate, against a whole host: what they do, and what they print.
 */

import { describe, expect, test } from 'vitest'
import type { RotationReport } from '../../src/keyring/rotation-report.ts'
import { confirmedRing, inOneTerminal, reportOf, revisionOf, stable } from './ring-steps.ts'
import { servedHost } from './served-host.ts'

const HOUR = 3600
const DAY = 86_400

inOneTerminal()

describe('keys rotate', () => {
  test('goes from a new issuer to its first hand-over, and says each step', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --algorithm ES256')
    const steps: string[] = []
    for (const seconds of [0, 900, 900, 900, 90 * DAY, DAY + HOUR]) {
      served.wait(seconds)
      const { code, stdout, stderr } = await served.run('keys rotate prod')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      steps.push(stdout)
    }
    const text = stable(served, ...steps).join('\n')
    await expect(text).toMatchFileSnapshot('../golden/cli/keys-rotate.txt')
  })

  test('prints a plan, which changes nothing', async () => {
    await using served = await servedHost()
    await confirmedRing(served)
    served.wait(91 * DAY + HOUR)
    await served.run('issuer update prod --algorithm RS256')
    const before = await served.run('keys list prod --json')
    const plan = await served.run('keys rotate prod --dry-run')
    expect(plan).toMatchObject({ code: 0, stderr: '' })
    const [golden = ''] = stable(served, plan.stdout)
    await expect(golden).toMatchFileSnapshot('../golden/cli/keys-rotate-plan.txt')
    expect(await served.run('keys list prod --json')).toEqual(before)
  })

  test('says "No changes." where the plan is empty, and when something is due next', async () => {
    await using served = await servedHost()
    await confirmedRing(served)
    const { stdout } = await served.run('keys rotate prod --dry-run')
    expect(stdout).toBe(
      'prod (revision 4): nothing is due; next: activation 2027-04-15 07:59:00 (in 89 d 23 h)\n\nNo changes.\n',
    )
  })

  test('without an issuer is of every issuer, one total for all', async () => {
    await using served = await servedHost()
    await served.run('issuer create a --algorithm ES256')
    await served.run('issuer create b --algorithm ES256')
    await served.run('issuer create c --publish-only')
    await served.run('issuer create d --publish-only')
    await served.run('issuer delete d --yes')
    const all = await served.run('keys rotate')
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect(all.stdout).toMatch(/^a \(revision 2\)\n {2}\+ created {2}/)
    expect(all.stdout).toContain('\nc (revision 1): nothing is due\n')
    expect(all.stdout).toMatch(/\n\nDone: 2 created, 0 changed, 0 removed\.\n$/)
    const json = await served.run('keys rotate --dry-run --json')
    const reports = JSON.parse(json.stdout) as RotationReport[]
    expect(reports.map(({ id, dryRun }) => [id, dryRun])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ])
  })

  test('one issuer that fails does not keep the others from it', async () => {
    await using served = await servedHost()
    for (const id of ['a', 'b', 'c']) await served.run(`issuer create ${id} --algorithm ES256`)
    await served.host.breakIssuer('b')
    const all = await served.run('keys rotate')
    expect(all.code).toBe(1)
    expect(all.stdout).toMatch(/^a \(revision 2\)\n(?: .*\n)+c \(revision 2\)\n/)
    expect(all.stderr).toMatch(
      /^signet: b was not rotated: .+\nsignet: 1 of 3 issuers were not rotated\n$/,
    )
  })

  test('without any issuer has nothing to do', async () => {
    await using served = await servedHost()
    expect(await served.run('keys rotate')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'There is no issuer.\n',
    })
    expect((await served.run('keys rotate --json')).stdout).toBe('[]\n')
  })

  test('of an issuer that is not there fails in the words of the host', async () => {
    await using served = await servedHost()
    expect(await served.run('keys rotate nope')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'signet: there is no issuer nope: list the issuers to see their ids\n',
    })
  })
})

describe('keys confirm', () => {
  test('sees the successor from here, and the host believes it at the second time', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --algorithm ES256')
    await served.run('keys rotate prod')
    const first = await served.run('keys confirm prod')
    expect(first).toMatchObject({
      code: 0,
      stderr: `The public documents of ${served.url}/prod show revision 2 with 2 keys from here.\n`,
    })
    expect(first.stdout).toContain('in the public documents, for the first time\n')
    expect(first.stdout).toContain(' once, and count again from 2027-01-15 08:10:30 (in 10 min')
    served.wait(15 * 60)
    const second = await reportOf(served, 'keys confirm prod')
    expect(second.actions.map(({ type }) => type)).toEqual(['confirm'])
  })

  test('that cannot see the documents says so, and sends nothing', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --algorithm ES256 --issuer-url http://127.0.0.1:1/prod')
    const { code, stdout, stderr } = await served.run('keys confirm prod')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^signet: http:\/\/127\.0\.0\.1:1\/prod\/\.well-known\/openid-configuration could not be read \(.+; nothing was sent\n$/,
    )
    expect(await revisionOf(served)).toBe(1)
  })

  test('that sees documents without the successor says so, and sends nothing', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --algorithm ES256')
    served.keepPublicDocuments()
    // Before anybody has asked for them the host has no older ones.
    await served.run('keys confirm prod')
    await served.run('keys rotate prod')
    const { code, stderr } = await served.run('keys confirm prod')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^signet: the public documents of \S+ are those of revision 1 and do not show the successor \S{43} from here: .+; nothing was sent\n$/,
    )
  })
})

test('keys sweep finds nothing where nothing is kept elsewhere', async () => {
  await using served = await servedHost()
  await served.run('issuer create prod --algorithm ES256')
  await served.run('issuer create gone --algorithm ES256')
  await served.run('issuer delete gone --yes')
  const nothing = 'Nothing is left over: no key is kept that its ring has forgotten.\n'
  expect(await served.run('keys sweep')).toEqual({ code: 0, stdout: '', stderr: nothing })
  const reports = [
    { id: 'prod', dryRun: true, entries: [] },
    { id: 'gone', dryRun: true, entries: [] },
  ]
  const { stdout } = await served.run('keys sweep --dry-run --json')
  expect(JSON.parse(stdout)).toEqual(reports)
})
