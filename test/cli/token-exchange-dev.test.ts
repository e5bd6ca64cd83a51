/**
 * A workload's token exchanged at a local installation, as its users run both.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import {
  freePort,
  type RunningDev,
  signet,
  startDev,
  temporaryDirectory,
} from '../support/signet.ts'
import { policyEntry } from '../support/policy-entries.ts'
import { newSubjectKey, subjectClaims } from '../support/subject-tokens.ts'

const AUDIENCE = 'sts.amazonaws.com'
const directory = await temporaryDirectory()
const state = join(directory.path, 'state')
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const key = newSubjectKey('ES256')
let dev: RunningDev

beforeAll(async () => {
  dev = await startDev(['--port', String(port), '--state', state])
  await dev.rotated
  const secret = (await readFile(join(state, 'control-secret'), 'utf8')).trim()
  const policy = { entries: [policyEntry({ keys: { jwks: { keys: [key.jwk] } } })] }
  const response = await fetch(`${url}/control/issuers/demo/policy`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ policy }),
  })
  if (!response.ok) throw new Error(`the policy was refused: ${await response.text()}`)
})
afterAll(async () => {
  await dev.stop()
  await directory[Symbol.asyncDispose]()
})

/** Of the moment, since the host goes by the real clock. */
async function writeSubjectToken(changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const iat = systemClock.now()
  const times = { iat, nbf: iat, exp: iat + 3600 }
  const file = join(directory.path, 'subject')
  await writeFile(file, key.sign(subjectClaims({ aud: [`${url}/demo`], ...times, ...changes })))
  return file
}

test.each([
  ['by its id', ['demo', '--state', state]],
  ['by its URL', [`${url}/demo`]],
])('an issuer that is named %s issues a token that a relying party takes', async (_title, args) => {
  const out = join(directory.path, 'token')
  const files = ['--token-file', await writeSubjectToken(), '--out', out]
  const exchanged = await signet(['token', 'exchange', ...args, '--audience', AUDIENCE, ...files])
  expect(exchanged).toMatchObject({ code: 0, stdout: '' })
  const inspected = await signet([
    'token',
    'inspect',
    '--verify',
    '--audience',
    AUDIENCE,
    '--json',
    out,
  ])
  expect(JSON.parse(inspected.stdout)).toMatchObject({
    verified: true,
    claims: { iss: `${url}/demo`, sub: 'system:serviceaccount:payments:api', aud: AUDIENCE },
  })
})

test.each([
  ['says why a token is refused', { exp: 1, iat: 0, nbf: 0 }, 'expired'],
  ['does not say whom it trusts', { iss: 'https://other.example.net' }, 'not accepted'],
])('the host %s, and under which id', async (_title, changes, sentence) => {
  const file = await writeSubjectToken(changes)
  const args = ['demo', '--state', state, '--audience', AUDIENCE, '--token-file', file]
  const { code, stdout, stderr } = await signet(['token', 'exchange', ...args])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^signet: .+ refuses the exchange: .+\n$/)
  expect(stderr).toContain(sentence)
  expect(stderr).toMatch(/request id [\w-]{8,}/)
})
