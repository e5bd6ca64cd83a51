/**
 * The whole HTTP suite, for any host.
 */

import type { TestHost } from '../../support/hosts/test-host.ts'
import { describeAnswerHeaders } from './answer-headers.ts'
import { describeControlConditions } from './control-conditions.ts'
import { describeControlIssuers } from './control-issuers.ts'
import { describeControlRefusals } from './control-refusals.ts'
import { describeLocalExposure } from './local-exposure.ts'
import { describeMint } from './mint.ts'
import { describePublicDocuments } from './public-documents.ts'
import { describeGoldenAnswers } from './public-golden.ts'
import { describePublicPaths } from './public-paths.ts'

/** `getHost` is asked inside tests only, so a host may be made before them. */
export function describeHttp(getHost: () => TestHost): void {
  describeGoldenAnswers(getHost)
  describePublicDocuments(getHost)
  describePublicPaths(getHost)
  describeAnswerHeaders(getHost)
  describeControlIssuers(getHost)
  describeControlRefusals(getHost)
  describeControlConditions(getHost)
  describeMint(getHost)
  describeLocalExposure(getHost)
}
