/**
 * The commands that show a ring and change its policy, against a whole host.
 */

import { describe, expect, test, vi } from 'vitest'
import { confirmedRing, inOneTerminal, reportOf, revisionOf, stable } from './ring-steps.ts'
import { servedHost } from './served-host.ts'

const HOUR = 3600
const DAY = 86_400

inOneTerminal()

describe('keys list', () => {
  test('shows states, moments and a timeline', async () => {
    await using served = await servedHost()
    await confirmedRing(served)
    served.wait(90 * DAY)
    await served.run('keys rotate prod')
    served.wait(HOUR)
    await served.run('keys rotate prod')
    const list = await served.run('keys list prod')
    expect(list).toMatchObject({ code: 0, stderr: '' })
    const [golden = ''] = stable(served, list.stdout)
    await expect(golden).toMatchFileSnapshot('../golden/cli/keys-list-timeline.txt')
  })

  test('in ASCII where the terminal wants it', async () => {
    await using served = await servedHost()
    await confirmedRing(served)
    vi.stubEnv('LC_ALL', 'C')
    const { stdout } = await served.run('keys list prod')
    vi.stubEnv('LC_ALL', 'C.UTF-8')
    expect(stdout).toMatch(/^[\n\x20-\x7e]+$/)
    expect(stdout).toMatch(/ {2}#{64}=\n/)
  })

  test('says what is wrong with a ring', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --algorithm ES256')
    served.wait(91 * DAY)
    const { stdout } = await served.run('keys list prod')
    expect(stdout).toMatch(
      /^prod, revision 1: overdue: the active key signs on, its period ended 2027-04-15 07:59:00 \(1 d 1 min ago\): "signet keys rotate prod --dry-run" says why\n/,
    )
  })
})

describe('keys simulate', () => {
  test('prints the moments that matter, a bar and totals, and changes nothing', async () => {
    await using served = await servedHost()
    await confirmedRing(served, '--rotation-period 90d')
    const simulated = await served.run('keys simulate prod --for 1y')
    expect(simulated).toMatchObject({ code: 0, stderr: '' })
    const kids = (await served.run('keys list prod --json')).stdout
    const [, golden = ''] = stable(served, kids, simulated.stdout)
    await expect(golden).toMatchFileSnapshot('../golden/cli/keys-simulate.txt')
    expect(await revisionOf(served)).toBe(4)
  })

  test('is what the ring then does', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --algorithm ES256 --rotation-period 7d')
    const { moments } = JSON.parse(
      (await served.run('keys simulate prod --for 9d --every 1h --json')).stdout,
    ) as { moments: { at: number; what: string; action?: { type: string } }[] }
    const done: [number, string][] = []
    const start = served.host.clock.seconds
    for (let hour = 0; hour <= 9 * 24; hour += 1) {
      const { actions } = await reportOf(served, 'keys rotate prod')
      done.push(...actions.map(({ type }): [number, string] => [hour, type]))
      served.wait(HOUR)
    }
    const foreseen = moments.flatMap(({ at, action }): [number, string][] =>
      action === undefined ? [] : [[(at - start) / HOUR, action.type]],
    )
    expect(foreseen.map(([, type]) => type)).toEqual(done.map(([, type]) => type))
    // The host's own documents are not as old as they may be.
    for (const [index, [hour]] of done.entries()) {
      expect(Math.abs((foreseen[index]?.[0] ?? Infinity) - hour)).toBeLessThanOrEqual(1)
    }
  })

  test('has nothing to say of an issuer that only publishes', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --publish-only')
    expect(await served.run('keys simulate prod --for 1y')).toMatchObject({
      code: 1,
      stderr:
        'signet: issuer prod has no key of its own, so nothing of it rotates: simulate one that signs\n',
    })
  })
})

describe('issuer update', () => {
  const CHANGE = 'issuer update prod --algorithm RS256 --token-ttl-max 1h --rotation-period 7d'

  test('--dry-run says what takes effect when, and changes nothing', async () => {
    await using served = await servedHost()
    await confirmedRing(served)
    const forecast = await served.run(`${CHANGE} --dry-run`)
    expect(forecast).toMatchObject({ code: 0, stderr: '' })
    await expect(forecast.stdout).toMatchFileSnapshot('../golden/cli/issuer-update-effects.txt')
    expect(await revisionOf(served)).toBe(4)
    const same = await served.run('issuer update prod --algorithm ES256 --dry-run')
    expect(same.stdout).toBe('No changes: that is the policy of prod already.\n')
  })

  test('changes the policy, and notes what does not take effect at once', async () => {
    await using served = await servedHost()
    await confirmedRing(served)
    const { code, stderr } = await served.run(CHANGE)
    expect(code).toBe(0)
    expect(stderr.split('\n').map((line) => line.slice(0, 40))).toEqual([
      'Updated issuer prod.',
      'algorithm takes effect by a rotation, 20',
      'token TTL maximum takes effect by degree',
      '',
    ])
    expect(await revisionOf(served)).toBe(5)
  })

  test('to another algorithm ends with a key of it that signs, the old one until then', async () => {
    await using served = await servedHost()
    await confirmedRing(served)
    await served.run('issuer update prod --algorithm RS256')
    const types: string[] = []
    for (let run = 0; run < 5; run += 1) {
      types.push(...(await reportOf(served, 'keys rotate prod')).actions.map(({ type }) => type))
      served.wait(15 * 60)
    }
    expect(types).toEqual(['create', 'see', 'confirm', 'prune'])
    served.wait(DAY)
    const { stdout } = await served.run('keys list prod')
    expect(stdout).toMatch(/ RS256 {2}sealed {3}active {4}/)
    expect(stdout).toMatch(/ ES256 {2}sealed {3}retiring {2}/)
  })

  test('in the words of the host, where it refuses', async () => {
    await using served = await servedHost()
    await served.run('issuer create prod --algorithm ES256')
    for (const dryRun of ['', ' --dry-run']) {
      const refused = await served.run(`issuer update prod --custody kms${dryRun}`)
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toMatch(/^signet: .*custody.*\n$/)
    }
  })
})
