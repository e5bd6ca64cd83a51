/**
 * A settings file in which everything that may be set is set, to other values than those by default.
 */

import type { Settings } from '../../infra/settings.ts'

const UUID = '11111111-2222-3333-4444-555555555555'

/** The compiler finds a member that is missing here. */
export const EVERY_SETTING = {
  domainNames: ['oidc.signet.internal', 'older.signet.internal'],
  certificateArn: `arn:aws:acm:us-east-1:111122223333:certificate/${UUID}`,
  stackName: 'signet-eu',
  region: 'eu-west-1',
  hostedZone: { id: 'Z0123456789', name: 'signet.internal' },
  deployment: 'eu',
  wrappedKeys: true,
  defaultCustody: 'kms-wrapped',
  alarmEmail: 'operations@signet.internal',
  logRetentionDays: 30,
  noncurrentDocumentDays: 11,
  rotationMinutes: 10,
  priceClass: 'PriceClass_All',
  fallbackOnThrottling: false,
  webAclArn: `arn:aws:wafv2:us-east-1:111122223333:global/webacl/signet/${UUID}`,
  bucketNames: { documents: 'signet-documents', staticCopies: 'signet-static' },
  functions: {
    http: { name: 'signet-http', memoryMb: 512, timeoutSeconds: 21, concurrency: 51 },
    control: { name: 'signet-control', memoryMb: 513, timeoutSeconds: 22, concurrency: 52 },
    rotate: { name: 'signet-rotate', memoryMb: 514, timeoutSeconds: 601, concurrency: 53 },
  },
  throttle: {
    tokens: { ratePerSecond: 11, burst: 12 },
    documents: { ratePerSecond: 13, burst: 14 },
    others: { ratePerSecond: 15, burst: 16 },
    control: { ratePerSecond: 17, burst: 18 },
  },
  alarmThresholds: {
    rotationSilenceMinutes: 120,
    overdueRings: 122,
    ringsWithoutKey: 123,
    successorsNotSeen: 124,
    failedRuns: 125,
    publicServerErrors: 126,
    controlServerErrors: 127,
    crashes: 128,
    throttledKeyCalls: 129,
    failedKeyCalls: 130,
    tokenMilliseconds: 131,
    signMilliseconds: 132,
    storageFailures: 133,
  },
} as const satisfies Required<Settings>
