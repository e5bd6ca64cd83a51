/**
 * What the audit record of a change says of it, by the answers that the control API really gives.
 */

import { beforeAll, expect, test } from 'vitest'
import { adopt, bodyOf, control, createIssuer } from '../support/hosts/control-client.ts'
import { type InProcessHost, inProcessHost } from '../support/hosts/in-process.ts'
import { policyEntry } from '../support/policy-entries.ts'
import { newSubjectKey } from '../support/subject-tokens.ts'

let host: InProcessHost
beforeAll(() => {
  host = inProcessHost()
})

type LogRecord = Readonly<Record<string, unknown>>

/** Of the only action of its kind on an issuer. */
function recordOf(issuer: string, action: string): LogRecord {
  const all = host.logLines().map((line) => JSON.parse(line) as LogRecord)
  const records = all.filter((one) => one['issuer'] === issuer && one['action'] === action)
  expect(records.map(({ event }) => event)).toStrictEqual(['control_action'])
  return records[0] ?? {}
}

const POLICY = { entries: [policyEntry({ keys: { jwks: { keys: [newSubjectKey().jwk] } } })] }

const CHANGES: readonly [action: string, method: string, path: string, json: object][] = [
  ['update', 'PATCH', '', { policy: { tokenTtlMaxSeconds: 1800 } }],
  ['policy', 'PUT', '/policy', { policy: POLICY }],
  ['rotate', 'POST', '/rotate', {}],
  ['sweep', 'POST', '/sweep', {}],
]

test.each(CHANGES)('%s: a dry run is recorded as one', async (action, method, path, json) => {
  const { id } = await createIssuer(host)
  const body = { ...json, dryRun: true }
  const { status } = await control(host, method, `/issuers/${id}${path}`, { json: body })
  expect(status).toBe(200)
  expect(recordOf(id, action)).toMatchObject({ outcome: 'done', dryRun: true })
})

test.each(CHANGES)('%s: what is done is not', async (action, method, path, json) => {
  const { id } = await createIssuer(host)
  const answer = await control(host, method, `/issuers/${id}${path}`, { json })
  expect(answer.status).toBe(200)
  const record = recordOf(id, action)
  expect(record).toMatchObject({ outcome: 'done' })
  expect(record).not.toHaveProperty('dryRun')
  expect(record['revision']).toBe(bodyOf(answer)['revision'])
})

test('a creation and an adoption have the revision that came of them', async () => {
  const { id } = await createIssuer(host)
  expect(recordOf(id, 'create')['revision']).toBe(1)
  const answer = await adopt(host, id, { keys: { keys: [newSubjectKey().jwk] } })
  expect(recordOf(id, 'adopt')['revision']).toBe(bodyOf(answer)['revision'])
})

test('a minted token is recorded by its names, and by no other record', async () => {
  const { id } = await createIssuer(host)
  const json = { serviceAccount: { namespace: 'payments', name: 'api' }, audience: 'someone' }
  const answer = await control(host, 'POST', `/issuers/${id}/tokens`, { json })
  const { jti, kid, alg, exp } = bodyOf(answer)
  expect(recordOf(id, 'mint')).toMatchObject({
    audience: 'someone',
    issuedSubject: 'system:serviceaccount:payments:api',
    jti,
    kid,
    alg,
    expiresAt: exp,
    tokenSha256: expect.stringMatching(/^[\w-]{43}$/) as string,
  })
  expect(host.logLines().filter((line) => line.includes(String(jti)))).toHaveLength(1)
})
