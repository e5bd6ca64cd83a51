/**
 * Audit records of the functions on AWS: what they are elsewhere, and metrics beside it.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { control } from '../support/hosts/control-client.ts'
import { inProcessHost } from '../support/hosts/in-process.ts'
import { type LambdaHost, lambdaHost } from '../support/hosts/lambda.ts'
import type { TestHost } from '../support/hosts/test-host.ts'
import { auditOf, createExchangingIssuer } from './suite/exchanging.ts'

let host: LambdaHost
beforeAll(async () => {
  host = await lambdaHost()
})
afterAll(() => host.close())

/** The records of a token that is issued and of one that is refused. */
async function recordsOf(at: TestHost) {
  const { id, exchange } = await createExchangingIssuer(at)
  const [issued] = await auditOf(at, await exchange())
  const [refused] = await auditOf(at, await exchange({ audience: 'https://elsewhere.example' }))
  return { id, issued: issued ?? {}, refused: refused ?? {} }
}

test.each([
  ['issued', 'TokensIssued', ['SignMs']],
  ['refused', 'TokensRefused', []],
] as const)(
  'the record of a token that is %s has the same fields, and metrics',
  async (ending, counter, more) => {
    const elsewhere = (await recordsOf(inProcessHost()))[ending]
    const { id, [ending]: record } = await recordsOf(host)
    const metrics: string[] = ['_aws', counter, 'DurationMs', ...more]
    expect(Object.keys(record).filter((name) => !metrics.includes(name))).toEqual(
      Object.keys(elsewhere),
    )
    expect(record).toMatchObject({
      issuer: id,
      [counter]: 1,
      DurationMs: record['durationMs'],
      _aws: {
        Timestamp: host.clock.seconds * 1000,
        CloudWatchMetrics: [
          { Namespace: 'Signet', Dimensions: [['issuer']] },
          ...more.map(() => ({ Namespace: 'Signet', Dimensions: [[]] })),
        ],
      },
    })
    expect(record['SignMs']).toBe(record['signMs'])
  },
)

test('an action on the control API is counted, for its issuer', async () => {
  const { id } = await createExchangingIssuer(host)
  await control(host, 'GET', `/issuers/${id}/policy`)
  const reads = host
    .logLines()
    .filter((line) => line.includes(`"issuer":"${id}"`) && line.includes('"action":"read"'))
    .map((line) => JSON.parse(line) as unknown)
  expect(reads).toMatchObject([
    {
      event: 'control_action',
      principal: 'iam',
      ControlActions: 1,
      _aws: { CloudWatchMetrics: [{ Dimensions: [['issuer']] }] },
    },
  ])
})
