/**
 * Exchange policies that are wrong: refused with everything that is, and in bounds.
 */

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json.ts'
import {
  adopt,
  bodyOf,
  control,
  type ControlRequest,
  createIssuer,
  createPublishOnly,
  newIssuerId,
} from '../../support/hosts/control-client.ts'
import type { TestHost } from '../../support/hosts/test-host.ts'
import { anEntry, aPolicy } from '../../support/stored-policies.ts'
import { newSubjectKey } from '../../support/subject-tokens.ts'
import { GITHUB, policyRequests, type Problem } from './policy-requests.ts'
import { refusalProblems } from './refusals.ts'

export function describeExchangePolicyRefusals(getHost: () => TestHost): void {
  const { put, set, unchanged } = policyRequests(getHost)

  describe('an exchange policy that is wrong', () => {
    test('is refused with every problem in its place', async () => {
      const { id, issuer } = await createIssuer(getHost())
      const entries = [
        { ...GITHUB, condition: 'claims.repository ==\n  unknown' },
        { ...GITHUB, name: 'own', issuer, audience: 'https://elsewhere.example' },
      ]
      const response = await unchanged(id, () => set(id, { entries }))
      expect(response.status).toBe(400)
      const body = bodyOf<{ error: string; error_description: string; problems: Problem[] }>(
        response,
      )
      expect(Object.keys(body)).toEqual(['error', 'error_description', 'problems'])
      expect(body.error).toBe('invalid_request')
      expect(body.error_description).toContain('entries.0.condition (line 2, column 3)')
      expect(body.problems).toContainEqual({
        path: ['entries', 0, 'condition'],
        at: { line: 2, column: 3 },
        message: expect.any(String),
      })
      expect(response.headers['cache-control']).toBe('no-store')
    })

    test('is told of its form alone as long as that is wrong', async () => {
      const { id } = await createIssuer(getHost())
      const response = await unchanged(id, () => set(id, { entries: [{ marked: 1 }], more: 2 }))
      const { problems } = bodyOf<{ problems: Problem[] }>(response)
      const places = problems.map(({ path }) => path.join('.'))
      expect(places).toEqual(expect.arrayContaining(['entries.0.marked', 'entries.0.name', 'more']))
    })

    test('is answered in bounds, however much is wrong', async () => {
      const { id } = await createIssuer(getHost())
      const entries = Array.from({ length: 200 }, () => ({}))
      const response = await unchanged(id, () => set(id, { entries }))
      expect(bodyOf<{ problems: Problem[] }>(response).problems).toHaveLength(100)
    })

    test('has the keys of another issuer of this host, under its URL', async () => {
      const { id } = await createIssuer(getHost())
      const sibling = await createIssuer(getHost())
      const { keys } = bodyOf<{ keys: JsonObject[] }>(
        await getHost().request('GET', `/${sibling.id}/.well-known/jwks.json`),
      )
      expect(keys).toHaveLength(1)
      const entry = anEntry({ issuer: sibling.issuer, keys: { jwks: { keys } } })
      const policy = aPolicy({ ...entry, algorithms: ['ES256'] })
      const response = await unchanged(id, () => set(id, policy))
      expect(response.status).toBe(400)
      expect(bodyOf<{ problems: Problem[] }>(response).problems).toStrictEqual([
        {
          path: ['entries', 0, 'keys', 'jwks', 'keys', 0],
          message: `is or was a key of issuer ${sibling.id} of this installation, whose tokens are never exchanged here: leave it out`,
        },
      ])
    })

    test.each(['', '/', '/token'])(
      'has another issuer of this host for an audience, under a URL of its own (%s)',
      async (end) => {
        const { id } = await createIssuer(getHost())
        const siblingId = newIssuerId()
        const url = `https://${siblingId}.example/prod`
        const json = { id: siblingId, issuer: url, policy: { algorithm: 'ES256' } }
        expect((await control(getHost(), 'POST', '/issuers', { json })).status).toBe(201)
        const token = { ...GITHUB.token, audiences: ['sts.amazonaws.com', `${url}${end}`] }
        const response = await unchanged(id, () => set(id, aPolicy({ ...GITHUB, token })))
        expect(response.status).toBe(400)
        expect(bodyOf<{ problems: Problem[] }>(response).problems).toStrictEqual([
          {
            path: ['entries', 0, 'token', 'audiences', 1],
            message: expect.stringContaining(
              `which is that of issuer ${siblingId} or of its token`,
            ),
          },
        ])
      },
    )

    test('does not have the keys of a cluster refused that another issuer of this host publishes', async () => {
      const { id } = await createIssuer(getHost())
      const publishing = await createPublishOnly(getHost())
      const { jwk } = newSubjectKey('ES256')
      expect((await adopt(getHost(), publishing.id, { keys: { keys: [jwk] } })).status).toBe(200)
      const entry = anEntry({ issuer: publishing.issuer, keys: { jwks: { keys: [jwk] } } })
      expect((await set(id, aPolicy({ ...entry, algorithms: ['ES256'] }))).status).toBe(200)
    })

    test('does not hand back a private key that stands in it', async () => {
      const { id } = await createIssuer(getHost())
      const { privateKey } = newSubjectKey('ES256')
      const jwk = privateKey.export({ format: 'jwk' }) as { readonly d?: string }
      const entry = { ...GITHUB, keys: { jwks: { keys: [jwk] } } }
      const response = await unchanged(id, () => set(id, aPolicy(entry)))
      expect(response.status).toBe(400)
      expect(response.body).not.toContain(jwk.d)
      expect(getHost().logLines().join('\n')).not.toContain(jwk.d)
    })

    test.each<[title: string, request: ControlRequest, status: number, says: string]>([
      ['no body', {}, 415, 'the body must have Content-Type: application/json, got nothing'],
      [
        'no JSON',
        { headers: { 'Content-Type': 'application/json' }, body: '{' },
        400,
        'the body must be JSON',
      ],
      [
        'YAML',
        { headers: { 'Content-Type': 'application/yaml' }, body: 'entries: []' },
        415,
        'the body must have Content-Type: application/json',
      ],
      ['no policy', { json: {} }, 400, 'policy must be an exchange policy'],
      [
        'a policy that is a list',
        { json: { policy: [] } },
        400,
        'policy must be an exchange policy',
      ],
      [
        'the policy by itself',
        { json: { entries: [] } },
        400,
        'unknown member "entries": known are policy, dryRun',
      ],
      [
        'a dry run that is text',
        { json: { policy: { entries: [] }, dryRun: 'yes' } },
        400,
        'dryRun must be true or false',
      ],
    ])('is one with %s', async (_title, request, status, says) => {
      const { id } = await createIssuer(getHost())
      const error = status === 415 ? 'unsupported_media_type' : 'invalid_request'
      const response = await unchanged(id, () => put(id, request))
      expect(refusalProblems(response, { status, error, says })).toStrictEqual([])
    })

    test('is too large a body', async () => {
      const { id } = await createIssuer(getHost())
      const body = `{"policy":{"entries":[]}${' '.repeat(262_144)}}`
      const headers = { 'Content-Type': 'application/json' }
      const response = await unchanged(id, () => put(id, { headers, body }))
      const says = 'the body must have at most 262144 bytes'
      expect(
        refusalProblems(response, { status: 413, error: 'body_too_large', says }),
      ).toStrictEqual([])
    })

    test('is one with a query', async () => {
      const { id } = await createIssuer(getHost())
      const response = await unchanged(id, () =>
        control(getHost(), 'PUT', `/issuers/${id}/policy?dryRun=true`, { json: { policy: {} } }),
      )
      expect(response.status).toBe(400)
    })
  })
}
