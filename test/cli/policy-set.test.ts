/**
 * `policy set` and `policy show`, against a whole host.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { PolicyEntry } from '../../src/policies/exchange-policy.ts'
import { isPrintable } from '../../src/printable.ts'
import { type AnsweringHost, answeringHost } from '../support/answering-host.ts'
import { policyEntries as plainEntries } from '../support/policy-entries.ts'
import { type Finished, temporaryDirectory } from '../support/signet.ts'
import { signetHere } from './in-process.ts'
import { inOneTerminal, stable } from './ring-steps.ts'
import { servedHost, type ServedHost } from './served-host.ts'

inOneTerminal()
const directory = await temporaryDirectory()
afterAll(() => directory[Symbol.asyncDispose]())

const FILE = join(directory.path, 'policy.yaml')
const SECRET_FILE = join(directory.path, 'secret')
await writeFile(SECRET_FILE, 'a'.repeat(32), { mode: 0o600 })
const OWNER =
  'Whoever may set it decides who can be any subject of prod: guard that right as you guard its keys.\n'

/** With a condition, since one that lets everybody in is remarked upon. */
function policyEntries(...[names, changes]: Parameters<typeof plainEntries>) {
  return plainEntries(names, { condition: 'has(claims.sub)', ...changes })
}

/** A host with the issuer prod. */
async function withIssuer(): Promise<ServedHost> {
  const served = await servedHost()
  await served.run('issuer create prod --algorithm ES256')
  return served
}

async function write(entries: readonly PolicyEntry[]): Promise<void> {
  await writeFile(FILE, stringify({ entries }))
}

/** With a host that answers as a test says. */
function runAt({ url }: AnsweringHost, command: string): Promise<Finished> {
  return signetHere([...command.split(' '), '--url', url, '--secret-file', SECRET_FILE])
}

describe('policy set', () => {
  test('adds, changes and removes entries, and says so', async () => {
    await using served = await withIssuer()
    await write(policyEntries(['a', 'b']))
    const first = await served.run(`policy set prod -f ${FILE}`)
    expect(first).toEqual({
      code: 0,
      stdout: 'ENTRY  CHANGE  WHAT\na      added\nb      added\n',
      stderr: `Set the exchange policy of issuer prod, revision 1: 2 added.\n${OWNER}`,
    })
    await write(policyEntries(['b', 'c'], { condition: 'has(claims.jti)', token: { ttl: 600 } }))
    const second = await served.run(`policy set prod -f ${FILE}`)
    expect(second).toMatchObject({
      code: 0,
      stderr: `Set the exchange policy of issuer prod, revision 2: 1 added, 1 changed, 1 removed.\n${OWNER}`,
    })
    await expect(second.stdout).toMatchFileSnapshot('../golden/cli/policy-set.txt')
    const again = await served.run(`policy set prod -f ${FILE} --json`)
    expect(again).toMatchObject({
      code: 0,
      stderr: 'Nothing to change: that is the exchange policy of issuer prod already.\n',
    })
    await expect(stable(served, again.stdout)[0]).toMatchFileSnapshot(
      '../golden/cli/policy-set.json',
    )
  })

  test('only tries with --dry-run', async () => {
    await using served = await withIssuer()
    await write(policyEntries(['a']))
    const tried = await served.run(`policy set prod -f ${FILE} --dry-run`)
    expect(tried).toEqual({
      code: 0,
      stdout: 'ENTRY  CHANGE  WHAT\na      added\n',
      stderr: 'The host takes this policy for issuer prod: 1 added. Nothing was set.\n',
    })
    const json = await served.run(`policy set prod -f ${FILE} --dry-run --json`)
    expect(JSON.parse(json.stdout)).toMatchObject({
      revision: 0,
      dryRun: true,
      changes: [{ entry: 'a', change: 'added' }],
    })
    expect((await served.run('policy show prod')).stdout).toBe('entries: []\n')
  })

  test('says what does nothing yet', async () => {
    await using served = await withIssuer()
    await write(policyEntries(['a'], { keys: { adopted: true } }))
    const { stderr } = await served.run(`policy set prod -f ${FILE}`)
    expect(stderr).toMatch(/^Note: entry a trusts the adopted keys, and there are none yet: .*\.$/m)
  })

  test('says what is hardly meant', async () => {
    await using served = await withIssuer()
    await write(policyEntries(['a'], { condition: 'true' }))
    const remark = /^Note: entries\.0\.condition is always true: .*\.$/m
    expect((await served.run(`policy set prod -f ${FILE}`)).stderr).toMatch(remark)
    expect((await served.run('policy show prod')).stderr).toMatch(remark)
  })

  test('sends nothing that is not right', async () => {
    await using served = await withIssuer()
    await write(policyEntries(['a'], { condition: 'clams.sub == "x"' }))
    const { code, stdout, stderr } = await served.run(`policy set prod -f ${FILE}`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.replaceAll(FILE, 'FILE')).toBe(
      [
        'FILE:9:16: entries.0.condition reads clams, which is not known: known are claims, entry, request',
        'signet: the policy is not right (1 problem, named above): mend it; nothing was set\n',
      ].join('\n'),
    )
  })

  test('finds what the host refuses in the file', async () => {
    await using served = await withIssuer()
    await write(policyEntries(['a'], { token: { audiences: ['x', `${served.url}/prod`] } }))
    const { code, stderr } = await served.run(`policy set prod -f ${FILE}`)
    expect(code).toBe(1)
    expect(stderr.replaceAll(FILE, 'FILE')).toMatch(
      /^FILE:14:11: entries\.0\.token\.audiences\.1 must not be a URL of this installation.*\nsignet: the host refuses the policy \(1 problem, named above\): mend it; nothing was set\n$/,
    )
    expect((await served.run('policy show prod')).stdout).toBe('entries: []\n')
  })

  test('does not overwrite what somebody else has set meanwhile', async () => {
    const view = { id: 'prod', policy: { entries: [] }, remarks: [] }
    const conflict = { error: 'revision_conflict', error_description: 'another one' }
    await using host = await answeringHost(200, (_path, method) =>
      method === 'GET'
        ? JSON.stringify({ ...view, revision: 7 })
        : { status: 409, body: JSON.stringify(conflict) },
    )
    await write(policyEntries(['a']))
    const ended = await runAt(host, `policy set prod -f ${FILE}`)
    expect(ended).toMatchObject({ code: 1, stderr: 'signet: another one\n' })
    expect(host.requests.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/control/issuers/prod/policy',
      ifMatch: '"7"',
      body: JSON.stringify({ policy: { entries: policyEntries(['a']) } }),
    })
  })

  test('says that standard input holds one thing', async () => {
    const args = ['policy', 'set', 'prod', '-f', '-', '--url', 'http://127.0.0.1:1']
    expect(await signetHere([...args, '--secret-file', '-'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one thing alone'),
    })
  })
})

describe('policy show', () => {
  test('prints YAML, which sets the same policy again', async () => {
    await using served = await withIssuer()
    await write(
      policyEntries(['a', 'b'], { condition: 'claims.sub == "x" &&\n  has(claims.jti)\n' }),
    )
    await served.run(`policy set prod -f ${FILE}`)
    served.wait(3600)
    const shown = await served.run('policy show prod')
    expect(shown).toMatchObject({
      code: 0,
      stderr: 'Exchange policy of issuer prod: revision 1, set 2027-01-15 08:00:00 (1 h ago).\n',
    })
    expect(parse(shown.stdout)).toEqual(parse(await readFile(FILE, 'utf8')))
    await expect(shown.stdout).toMatchFileSnapshot('../golden/cli/policy-show.txt')
    await writeFile(FILE, shown.stdout)
    expect(await served.run(`policy set prod -f ${FILE}`)).toMatchObject({
      stderr: expect.stringMatching(/^Nothing to change/),
    })
  })

  test('prints JSON', async () => {
    await using served = await withIssuer()
    await write(policyEntries(['a']))
    await served.run(`policy set prod -f ${FILE}`)
    const { stdout } = await served.run('policy show prod --json')
    await expect(stable(served, stdout)[0]).toMatchFileSnapshot('../golden/cli/policy-show.json')
  })

  test('says that there is none', async () => {
    await using served = await withIssuer()
    expect(await served.run('policy show prod')).toEqual({
      code: 0,
      stdout: 'entries: []\n',
      stderr: 'Issuer prod has no exchange policy: it exchanges no tokens.\n',
    })
  })

  test('keeps what a later host adds, and lets nothing steer the terminal', async () => {
    const entry = { name: 'a\u001b[2J', later: { member: ['\u202e'] } }
    const view = { id: 'prod', revision: 1, policy: { entries: [entry] }, remarks: ['\u001b[2J'] }
    await using host = await answeringHost(200, JSON.stringify(view))
    const { stdout, stderr } = await runAt(host, 'policy show prod')
    expect(isPrintable((stdout + stderr).replaceAll('\n', ''))).toBe(true)
    expect(parse(stdout)).toEqual({ entries: [entry] })
  })

  test('says that a host is older', async () => {
    const body = { error: 'not_found', error_description: 'there is nothing' }
    await using host = await answeringHost(404, JSON.stringify(body))
    expect(await runAt(host, 'policy show prod')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('knows no exchange policies: upgrade it'),
    })
  })
})
