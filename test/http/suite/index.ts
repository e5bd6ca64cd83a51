/**
 * The whole HTTP suite, for any host.
 */

import type { TestHost } from '../../support/hosts/test-host.ts'
import { describeAdoptedKeysBodies } from './adopted-keys-bodies.ts'
import { describeAdoptedKeysConditions } from './adopted-keys-conditions.ts'
import { describeAdoptedKeysGolden } from './adopted-keys-golden.ts'
import { describeAdoptedKeysRefusals } from './adopted-keys-refusals.ts'
import { describeAdoptedKeysSecrets } from './adopted-keys-secrets.ts'
import { describeAdoptedKeysWithdrawal } from './adopted-keys-withdrawal.ts'
import { describeAnswerHeaders } from './answer-headers.ts'
import { describeControlConditions } from './control-conditions.ts'
import { describeControlIssuers } from './control-issuers.ts'
import { describeControlQueries } from './control-queries.ts'
import { describeControlRefusals } from './control-refusals.ts'
import { describeEksToken } from './eks-token.ts'
import { describeExchange } from './exchange.ts'
import { describeExchangeAnswers } from './exchange-answers.ts'
import { describeExchangeExposure } from './exchange-exposure.ts'
import { describeExchangeHostile } from './exchange-hostile.ts'
import { describeExchangeRefusals } from './exchange-refusals.ts'
import { describeExchangePolicies } from './exchange-policies.ts'
import { describeExchangePolicyRefusals } from './exchange-policy-refusals.ts'
import { describeExchangeWiring } from './exchange-wiring.ts'
import { describeLocalExposure } from './local-exposure.ts'
import { describeMint } from './mint.ts'
import { describeOwnUrlRefusals } from './own-url-refusals.ts'
import { describeOwnUrls } from './own-urls.ts'
import { describePolicyChanges } from './policy-changes.ts'
import { describePolicyForecast } from './policy-forecast.ts'
import { describePublicDocuments } from './public-documents.ts'
import { describeGoldenAnswers } from './public-golden.ts'
import { describePublicPaths } from './public-paths.ts'
import { describePublishOnly } from './publish-only.ts'
import { describeRing } from './ring.ts'
import { describeRotation } from './rotation.ts'
import { describeRotationObservations } from './rotation-observations.ts'
import { describeRotationRefusals } from './rotation-refusals.ts'
import { describeSweep } from './sweep.ts'
import { describeTombstones } from './tombstones.ts'

export interface SuiteOptions {
  /** Whether any page could make a browser ask the host. Default: local. */
  readonly installation?: 'local' | 'deployed'
}

/** `getHost` is asked inside tests only, so a host may be made before them. */
export function describeHttp(getHost: () => TestHost, options: SuiteOptions = {}): void {
  describeEntrance(getHost, options)
  describeGoldenAnswers(getHost)
  describeControlIssuers(getHost)
  describeControlRefusals(getHost)
  describeControlQueries(getHost)
  describeMint(getHost)
  describeAdoptedKeysBodies(getHost)
  describeAdoptedKeysRefusals(getHost)
  describeAdoptedKeysSecrets(getHost)
  describeAdoptedKeysConditions(getHost)
  describeAdoptedKeysWithdrawal(getHost)
  describeAdoptedKeysGolden(getHost)
  describeEksToken(getHost)
  describeExchangePolicies(getHost)
  describeExchangePolicyRefusals(getHost)
  describeExchangeWiring(getHost)
  describeExchangeRefusals(getHost)
  if (options.installation !== 'deployed') describeExchangeExposure(getHost)
  describeExchangeHostile(getHost)
  describePublishOnly(getHost)
  describeOwnUrlRefusals(getHost)
  describeTombstones(getHost)
  describeRotation(getHost)
  describeRotationObservations(getHost)
  describeRotationRefusals(getHost)
  describeSweep(getHost)
  describePolicyChanges(getHost)
  describePolicyForecast(getHost)
  describeRing(getHost)
}

/** Of that, what depends on how hosts, paths and headers come in: for a second entrance to the same program. */
export function describeEntrance(
  getHost: () => TestHost,
  { installation = 'local' }: SuiteOptions = {},
): void {
  describePublicDocuments(getHost)
  describePublicPaths(getHost)
  describeAnswerHeaders(getHost)
  describeControlConditions(getHost)
  if (installation === 'local') describeLocalExposure(getHost)
  describeOwnUrls(getHost)
  describeExchange(getHost)
  describeExchangeAnswers(getHost)
}
