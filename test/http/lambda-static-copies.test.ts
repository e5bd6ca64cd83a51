/**
 * Static copies by the functions on AWS, as they are deployed.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RotationRun } from '../../src/jobs/rotate-all.ts'
import { STORAGE_FAILURES_MAX } from '../../src/jobs/for-each-issuer.ts'
import { s3Errors } from '../support/aws/s3-fake-answers.ts'
import { clusterKey, jwkSet } from '../support/hosts/cluster-keys.ts'
import { adopt, control, createIssuer } from '../support/hosts/control-client.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import { leaksIn } from '../support/hosts/leaks.ts'
import { invokeRotate, logRecords, storedIssuer } from './rotating-function.ts'

const ROTATE = { version: 1, job: 'rotate' }
const DENIED_CALLS = 1000

let host: LambdaHost
beforeEach(async () => {
  host = await lambdaHost({ staticCopies: true })
})
afterEach(() => host.close())

function pathsOf(id: string): readonly string[] {
  return [
    `/${id}/.well-known/openid-configuration`,
    `/.well-known/oauth-authorization-server/${id}`,
    `/${id}/.well-known/jwks.json`,
  ]
}

const nameOf = (path: string) => `${new URL(host.baseUrl).host}${path}`
const copyNames = () => Object.keys(host.s3.copies()).toSorted()

/** The copies say what the function says, byte by byte, and under the headers that caches and clients go by. */
async function expectCopiesOf(id: string): Promise<void> {
  const paths = pathsOf(id)
  expect(copyNames()).toEqual(paths.map(nameOf).toSorted())
  for (const path of paths) {
    const { status, headers, body } = await host.request('GET', path)
    const copy = host.s3.copies()[nameOf(path)]
    expect([status, copy?.body]).toEqual([200, body])
    for (const name of ['content-type', 'cache-control']) {
      expect(copy?.headers[name]).toBe(new Headers(headers).get(name))
    }
    const version = copy?.headers['x-amz-meta-signet-ring-version']
    expect(version).toBe(`${storedIssuer(host, id).revision}`)
  }
}

/** The S3 calls of a run. */
async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = host.s3.calls.length
  await work()
  return host.s3.calls.slice(before)
}

const rotate = () => invokeRotate<RotationRun>(host, ROTATE)

test('they are there when an issuer is, and follow every change of it', async () => {
  const { id } = await createIssuer(host)
  await expectCopiesOf(id)
  await control(host, 'PATCH', `/issuers/${id}`, { json: { policy: { jwksMaxAgeSeconds: 120 } } })
  await expectCopiesOf(id)
  await adopt(host, id, { keys: jwkSet(clusterKey('P-256')) })
  await expectCopiesOf(id)
  await rotate()
  expect(storedIssuer(host, id).ring.keys).toHaveLength(2)
  host.clock.seconds += 60
  await expectCopiesOf(id)
  const names = JSON.stringify(host.s3.copies())
  expect(names).not.toMatch(/keyRef|kms-v1|arn:/)
})

test('a run with nothing to do reads one of them, and writes nothing', async () => {
  const { id } = await createIssuer(host)
  await rotate()
  host.clock.seconds += 60
  await rotate()
  const before = storedIssuer(host, id).revision
  expect(await callsOf(rotate)).toEqual(['ListObjectsV2', 'GetObject', 'GetObject'])
  expect(storedIssuer(host, id).revision).toBe(before)
})

test('those of a deleted issuer are gone when it is, and each run costs three deletions', async () => {
  const [{ id }, { id: other }] = [await createIssuer(host), await createIssuer(host)]
  expect((await control(host, 'DELETE', `/issuers/${id}`)).status).toBe(200)
  await expectCopiesOf(other)
  await control(host, 'DELETE', `/issuers/${other}`)
  expect(copyNames()).toEqual([])
  const deletions = ['DeleteObject', 'DeleteObject', 'DeleteObject']
  const calls = await callsOf(rotate)
  const wanted = ['ListObjectsV2', 'GetObject', 'GetObject', ...deletions, ...deletions]
  expect(calls.toSorted()).toEqual(wanted.toSorted())
})

test('a publication that is asked for again finds nothing to do', async () => {
  const { id } = await createIssuer(host)
  const calls = await callsOf(async () =>
    expect(await invokeRotate(host, { version: 1, publish: id })).toEqual({ status: 'done' }),
  )
  // The issuer, each of its copies, and the issuer again.
  expect(calls).toEqual(Array.from({ length: 5 }, () => 'GetObject'))
  const unknown = { version: 1, publish: 'nobody' }
  expect(await invokeRotate(host, unknown)).toEqual({ status: 'done' })
})

describe('a deletion whose copies are left', () => {
  test.each<[string, () => void, string]>([
    [
      'since S3 refuses',
      () => host.s3.inject('DeleteObject', s3Errors.denied, DENIED_CALLS),
      'static_copies_unavailable',
    ],
    [
      'since the function that rotates cannot be asked',
      () => host.lambda.inject('Invoke', { type: 'reset' }, DENIED_CALLS),
      'rotation_unavailable',
    ],
  ])('says so, %s, until they are gone', async (_title, breakIt, code) => {
    const { id } = await createIssuer(host)
    breakIt()
    const left = await control(host, 'DELETE', `/issuers/${id}`)
    expect(left.status).toBe(503)
    expect(new Headers(left.headers).get('Retry-After')).toBe('5')
    expect(JSON.parse(left.body)).toEqual({
      error: 'static_copies_left',
      error_description: `issuer ${id} is deleted, but its static copies are not (${code}): repeat the deletion, or wait for the next rotation`,
    })
    expect((await host.request('GET', pathsOf(id)[2] ?? '')).status).toBe(410)
    expect(leaksIn(host, [left])).toStrictEqual([])
    host.s3.heal()
    host.lambda.heal()
    expect((await control(host, 'DELETE', `/issuers/${id}`)).status).toBe(410)
    expect(copyNames()).toEqual([])
  })

  test('is completed by the next run', async () => {
    const { id } = await createIssuer(host)
    host.s3.inject('DeleteObject', s3Errors.denied, 3)
    expect((await control(host, 'DELETE', `/issuers/${id}`)).status).toBe(503)
    expect(copyNames()).toHaveLength(3)
    await rotate()
    expect(copyNames()).toEqual([])
  })
})

test('copies that cannot be written end no rotation of others, however many there are', async () => {
  const ids: string[] = []
  for (let n = 0; n < STORAGE_FAILURES_MAX + 4; n += 1) ids.push((await createIssuer(host)).id)
  const names = copyNames()
  // Puts of documents come first: each run of an issuer writes its document twice, and then copies.
  host.s3.inject('DeleteObject', s3Errors.denied, DENIED_CALLS)
  for (const id of ids) await control(host, 'DELETE', `/issuers/${id}`)
  const { id: last } = await createIssuer(host)
  await expect(rotate()).rejects.toThrow(`failed for ${ids.length} of ${ids.length + 1} issuers`)
  expect(storedIssuer(host, last).ring.keys).toHaveLength(2)
  expect(copyNames()).toHaveLength(names.length + 3)
  expect(new Set(logRecords(host, 'rotation_failed').map(({ code }) => code))).toEqual(
    new Set(['static_copies_unavailable']),
  )
  expect(logRecords(host, 'static_copies_failed').length).toBeGreaterThan(ids.length)
})
