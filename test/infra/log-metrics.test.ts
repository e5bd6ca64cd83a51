/**
 * Records as the code writes them, against the patterns that the template hands to CloudWatch.
 */

import { describe, expect, test } from 'vitest'
import type { LambdaName } from '../../functions/bundle.ts'
import { LOG_METRICS, type LogMetric } from '../../infra/issuer-host/log-metrics.ts'
import { type KmsApi, KmsError, type KmsErrorCode } from '../../src/adapters/aws/kms-api.ts'
import { retryingKms } from '../../src/adapters/aws/retrying-kms.ts'
import { emfLog } from '../../src/adapters/lambda/emf-log.ts'
import { jobHandler, misconfiguredJobHandler } from '../../src/adapters/lambda/job-handler.ts'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { exchangeAudit } from '../../src/audit/exchange-audit.ts'
import { Fault, FAULT_CODES, type FaultCode } from '../../src/errors.ts'
import { misconfiguredHost } from '../../src/host/misconfigured-host.ts'
import { answerThrown } from '../../src/http/errors.ts'
import { newApp } from '../../src/http/new-app.ts'
import { rotateAll } from '../../src/jobs/rotate-all.ts'
import { runJob } from '../../src/jobs/run-job.ts'
import { logRotation } from '../../src/keyring/log-rotation.ts'
import { withProof } from '../../src/keyring/prove-successor.ts'
import type { RingStatus } from '../../src/keyring/ring-status.ts'
import type { RotationReport } from '../../src/keyring/rotation-report.ts'
import { jsonLog, type Log } from '../../src/log.ts'
import { knownCopies } from '../../src/reading/known-copies.ts'
import { storageInquiry } from '../../src/reading/storage-inquiry.ts'
import { vacantLocations } from '../../src/reading/vacant-locations.ts'
import { fakeKeyManager, NOW } from '../support/fixtures.ts'
import { ACTIVE, aRotating, aSuccessor, EC_MEMBERS } from '../support/rotation-fixtures.ts'
import { ALL_WAITS } from '../support/rotation-reports.ts'
import { fieldsOf, matchesPattern } from './log-pattern.ts'

const clock = { now: () => NOW }

/** As the functions write: audit records with metrics in them, and all else, each as one line. */
async function linesOf(write: (log: Log) => unknown): Promise<string[]> {
  const lines: string[] = []
  const plain = jsonLog((_level, line) => void lines.push(line))
  await write(emfLog({ log: plain, write: (line) => void lines.push(line), clock }))
  return lines
}

/** What a line adds to which metric, in the logs of which function. */
function countedIn(of: LambdaName, line: string): Record<string, unknown> {
  const counted: Record<string, unknown> = {}
  for (const [name, metric] of Object.entries<LogMetric>(LOG_METRICS)) {
    const isMatch = matchesPattern(metric.pattern.logPatternString, line)
    if (!metric.functions.includes(of) || !isMatch) continue
    const { value = '1' } = metric
    counted[name] = value.startsWith('$.') ? fieldsOf(line)?.[value.slice(2)] : Number(value)
  }
  return counted
}

async function countedOf(of: LambdaName, write: (log: Log) => unknown) {
  const lines = await linesOf(write)
  expect(lines.length).toBeGreaterThan(0)
  return lines.map((line) => countedIn(of, line))
}

function aReport(members: Partial<RotationReport> = {}): RotationReport {
  return {
    id: 'prod',
    revision: 7,
    dryRun: false,
    actions: [],
    waits: [],
    nextMoment: null,
    ...members,
  }
}

async function jobsOf(log: Log, error?: Error) {
  const documents = memoryStore()
  await documents.put('issuers/prod', '{}', { ifNoneMatch: '*' })
  const rotation = {
    run: () => (error === undefined ? Promise.resolve(aReport()) : failing(error)),
    sweep: async () => undefined,
    publish: async () => {},
  }
  return { documents, clock, log, rotation }
}

function rotatedAll(error?: Error): (log: Log) => Promise<unknown> {
  return async (log) => rotateAll(await jobsOf(log, error))
}

async function failing(error: Error): Promise<never> {
  throw error
}

describe('the log of rotate:', () => {
  test('a run of all issuers counts as one, whatever came of it', async () => {
    expect(await countedOf('rotate', rotatedAll())).toStrictEqual([{ RotationRuns: 1 }])
    const ofOurs = rotatedAll(new TypeError('of ours'))
    expect(await countedOf('rotate', ofOurs)).toStrictEqual([{}, { RotationRuns: 1 }])
  })

  test('a run that could not begin is none', async () => {
    const counted = await countedOf('rotate', async (log) => {
      const documents = { list: () => failing(new Fault('storage_unavailable', 'it is gone')) }
      await runJob({ ...(await jobsOf(log)), documents }, 'rotate').catch(() => {})
    })
    expect(counted).toStrictEqual([{ StorageFailures: 1 }])
  })

  test('a sweep is no rotation', async () => {
    const counted = await countedOf('rotate', async (log) => runJob(await jobsOf(log), 'sweep'))
    expect(counted).toStrictEqual([{}])
  })

  test.each<[status: Exclude<RingStatus, 'ok'>, metric: string | undefined]>([
    ['overdue', 'RingsOverdue'],
    ['no_active_key', 'RingsWithoutKey'],
    ['no_published_key', 'RingsWithoutKey'],
    ['successor_not_seen', 'SuccessorsNotSeen'],
    ['successor_not_proved', 'SuccessorsNotSeen'],
    ['no_successor', 'SuccessorsNotSeen'],
    // Nothing is wrong with it.
    ['first_key_pending', undefined],
  ])('a ring that is %s counts as %s', async (status, metric) => {
    const report = (log: Log) => logRotation(log, aReport(), status)
    expect(await countedOf('rotate', report)).toStrictEqual([metric ? { [metric]: 1 } : {}])
  })

  test('what a rotation waits for counts for nothing by itself', async () => {
    const counted = await countedOf('rotate', (log) => {
      logRotation(log, aReport({ waits: ALL_WAITS }), 'ok')
    })
    for (const each of counted) expect(each).toStrictEqual({})
  })

  test('a successor that does not prove itself', async () => {
    const successor = aSuccessor({ ...EC_MEMBERS, firstSeenAt: NOW })
    const { kid, alg, publicJwk } = successor
    const fetched = { kid, alg, publicJwk }
    const busy = new Fault('key_service_busy', 'busy')
    const prove = (log: Log) =>
      withProof(
        { actions: [{ type: 'confirm', kid, activatesAt: NOW, fetched }], waits: [] },
        aRotating([ACTIVE, successor]),
        { managers: fakeKeyManager({ sign: () => failing(busy) }), log },
        NOW,
      )
    expect(await countedOf('rotate', prove)).toStrictEqual([{ SuccessorsNotSeen: 1 }])
  })

  test('settings that it refuses', async () => {
    const counted = await countedOf('rotate', (log) =>
      misconfiguredJobHandler(['A must be 1', 'B must be 2'], log),
    )
    const one = { ConfigurationsRefused: 1 }
    expect(counted).toStrictEqual([one, one])
  })

  test('a question for one issuer is no run', async () => {
    const counted = await countedOf('rotate', async (log) => {
      const { rotation } = await jobsOf(log, new Fault('key_service_busy', 'busy'))
      const handler = jobHandler({ rotation, runJob: async () => {}, log, clock })
      await handler({ version: 1, issuer: 'prod', dryRun: false })
    })
    expect(counted).toStrictEqual([{ KeyServiceBusy: 1 }])
  })
})

/** Exhaustive: a new code is decided here as well. */
const METRIC_OF_FAULT: Readonly<Record<FaultCode, string | undefined>> = {
  storage_unavailable: 'StorageFailures',
  static_copies_unavailable: 'StorageFailures',
  document_corrupt: 'DocumentsCorrupt',
  key_unavailable: 'KeyServiceFailures',
  key_disabled: 'KeyServiceFailures',
  key_service_busy: 'KeyServiceBusy',
  key_service_unavailable: 'KeyServiceFailures',
  key_service_refused: 'KeyServiceFailures',
  // The operator who asked is told, and the control API counts it among its errors.
  rotation_unavailable: undefined,
}

describe.each(FAULT_CODES)('a fault %s', (code) => {
  const metric = METRIC_OF_FAULT[code]
  const expected = metric === undefined ? {} : { [metric]: 1 }

  test.each<LambdaName>(['http', 'control'])('of a request to %s', async (name) => {
    const counted = await countedOf(name, async (log) => {
      const app = newApp()
      app.onError((error, c) => answerThrown(error, c, log))
      app.get('/', () => failing(new Fault(code, 'went wrong')))
      await app.fetch(new Request('https://oidc.signet.internal/'))
    })
    expect(counted).toStrictEqual([expected])
  })

  test('of a rotation', async () => {
    const run = rotatedAll(new Fault(code, 'went wrong'))
    expect(await countedOf('rotate', run)).toStrictEqual([expected, { RotationRuns: 1 }])
  })
})

describe.each<LambdaName>(['http', 'control', 'rotate'])('the log of %s:', (name) => {
  test.each<[code: KmsErrorCode, expected: object]>([
    ['throttled', { KeyServiceBusy: 1 }],
    // It was answered in the end, or is a fault.
    ['unavailable', {}],
  ])('a call of KMS that is repeated since it was %s', async (code, expected) => {
    const outcomes = [new KmsError(code, 'AnException')]
    const counted = await countedOf(name, async (log) => {
      const kms = retryingKms(
        {
          ...({} as KmsApi),
          disableKey: async () => {
            const error = outcomes.pop()
            if (error !== undefined) throw error
          },
        },
        { log, pause: async () => {} },
      )
      await kms.disableKey('key-1')
    })
    expect(counted).toStrictEqual([expected])
  })
})

describe('the log of http:', () => {
  test.each<[code: FaultCode, metric: string]>([
    ['storage_unavailable', 'StorageFailures'],
    ['document_corrupt', 'DocumentsCorrupt'],
  ])('a read that fails by %s', async (code, metric) => {
    const read = (log: Log) =>
      storageInquiry({
        issuers: { stalenessSeconds: 0, load: async () => undefined },
        known: knownCopies(),
        vacant: vacantLocations(),
        clock,
        log,
      }).noteFailure(new Fault(code, 'went wrong'))
    expect(await countedOf('http', read)).toStrictEqual([{ [metric]: 1 }])
  })

  test('settings that it refuses', async () => {
    const counted = await countedOf('http', (log) => misconfiguredHost(['A must be 1'], log))
    expect(counted).toStrictEqual([{ ConfigurationsRefused: 1 }])
  })

  test('a token that was issued has its time, and that of its signature', async () => {
    const times = [10, 12.345]
    const issue = async (log: Log) => {
      const inquiry = exchangeAudit({ log, stopwatch: () => times.shift() ?? 0 }).begin()
      inquiry.isOf('prod')
      inquiry.note({ signMs: 1.25 })
      await inquiry.end({ type: 'issued', answer: { token: 'a.b.c' } })
    }
    expect(await countedOf('http', issue)).toStrictEqual([
      { TokenMilliseconds: 2.35, SignMilliseconds: 1.25 },
    ])
  })

  test('a token that was refused counts for nothing, whatever a stranger wrote', async () => {
    const counted = await countedOf('http', async (log) => {
      const inquiry = exchangeAudit({ log }).begin()
      inquiry.isOf('prod')
      inquiry.note({ subject: '","event":"token_issued","code":"key_service_busy' })
      const refusal = { reason: 'key_service_busy', detail: '"code":"key_service_busy"' }
      await inquiry.end({ type: 'refused', refusal })
    })
    expect(counted).toStrictEqual([{}])
  })

  test('a line that AWS has put something before counts for nothing', async () => {
    const [line = ''] = await linesOf((log) => misconfiguredHost(['A must be 1'], log))
    expect(countedIn('http', `2026-11-22T00:00:00.000Z\tid\tERROR\t${line}`)).toStrictEqual({})
  })
})

test('nothing counts in the log of a function that no filter is on', async () => {
  expect(await countedOf('http', rotatedAll())).toStrictEqual([{}])
})
