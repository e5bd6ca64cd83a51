import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { kidOfSpki } from '../../src/crypto/kid.ts'
import { answeringHost, type SeenRequest } from '../support/answering-host.ts'
import { signet, temporaryDirectory } from '../support/signet.ts'
import { clusterSet, ec, pemOf, rsa } from './cluster-keys.ts'
import { signetHere } from './in-process.ts'

const directory = await temporaryDirectory()
const secretFile = join(directory.path, 'secret')
await writeFile(secretFile, 'a'.repeat(32), { mode: 0o600 })
afterAll(() => directory[Symbol.asyncDispose]())

const listed = JSON.stringify({ id: 'prod', revision: 7, keys: [] })

describe('what is sent', () => {
  test('is the question for the revision, then the set for that revision', async () => {
    const requests = await sentBy(await clusterSet(rsa[0].publicKey), '-', '--retention', '1h')
    expect(requests).toMatchObject([
      { method: 'GET', path: '/control/issuers/prod/keys', ifMatch: undefined, body: '' },
      {
        method: 'PUT',
        path: '/control/issuers/prod/adopted-keys?retentionSeconds=3600',
        ifMatch: '"7"',
      },
    ])
  })

  test.each([
    ['no retention, which leaves to the host what was decided before', [], ''],
    ['a retention of nothing', ['--now'], '?retentionSeconds=0'],
  ])('asks for %s', async (_title, args, query) => {
    const [, put] = await sentBy(pemOf(ec.publicKey), ...args)
    expect(put?.path).toBe(`/control/issuers/prod/adopted-keys${query}`)
  })

  test('is made of the public members of each key: whatever else is in the file stays', async () => {
    const { d } = ec.privateKey.export({ format: 'jwk' })
    const { x, y } = ec.publicKey.export({ format: 'jwk' })
    const key = { kty: 'EC', crv: 'P-384', x, y, kid: 'a', 'x-backup': { d } }
    const [, put] = await sentBy(JSON.stringify({ keys: [key], signing: { d } }))
    const sent = { kty: 'EC', crv: 'P-384', x, y, kid: 'a', alg: 'ES384', use: 'sig' }
    expect(JSON.parse(put?.body ?? '')).toEqual({ keys: [sent] })
    expect(put?.body).not.toContain(d)
  })

  test('has the kid that Kubernetes derives, or the given one', async () => {
    const spki = ec.publicKey.export({ format: 'der', type: 'spki' })
    const [, derived] = await sentBy(pemOf(ec.publicKey))
    expect(derived?.body).toContain(`"kid":"${await kidOfSpki(new Uint8Array(spki))}"`)
    const [, given] = await sentBy(pemOf(ec.publicKey), '--kid', 'given')
    expect(given?.body).toContain('"kid":"given"')
  })

  test.each([
    ['a private PEM', String(ec.privateKey.export({ format: 'pem', type: 'pkcs8' }))],
    ['a private JWK', JSON.stringify(ec.privateKey.export({ format: 'jwk' }))],
    ['nothing', ''],
  ])('is nothing, where %s is piped in', async (_title, input) => {
    await using host = await answeringHost(200, listed)
    const target = ['--url', host.url, '--secret-file', secretFile]
    const refused = await signet(['keys', 'adopt', 'prod', '-', ...target], { input })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^signet: .*; nothing was sent\n$/)
    expect(host.seen).toEqual([])
  })

  test('is lost to a change at the same moment: the host says so, and the command ends with 1', async () => {
    const sentence = 'issuer prod was changed by someone else at the same moment: read it again'
    const conflict = { error: 'revision_conflict', error_description: sentence }
    await using host = await answeringHost(200, (_path, method) =>
      method === 'GET' ? listed : { status: 412, body: JSON.stringify(conflict) },
    )
    const target = ['--url', host.url, '--secret-file', secretFile]
    const lost = await signet(['keys', 'adopt', 'prod', ...target], { input: pemOf(ec.publicKey) })
    expect(lost).toEqual({ code: 1, stdout: '', stderr: `signet: ${sentence}\n` })
  })
})

async function sentBy(input: string, ...args: string[]): Promise<readonly SeenRequest[]> {
  await using host = await answeringHost(200, listed)
  const target = ['--url', host.url, '--secret-file', secretFile]
  const { code } = await signetHere(['keys', 'adopt', 'prod', ...args, ...target], { input })
  expect(code).toBe(0)
  return host.requests
}
