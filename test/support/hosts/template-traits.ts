/**
 * How the host that the template deploys differs from others: keys are made by another function, and before everything
 * stands a CDN that answers some requests itself.
 */

import { LAMBDA_TRAITS } from './lambda-services.ts'
import type { HostTraits } from './test-host.ts'

export const TEMPLATE_TRAITS: HostTraits = {
  ...LAMBDA_TRAITS,
  // API Gateway answers, and the function is not asked.
  unauthorized: { status: 403, error: undefined, challenge: undefined },
  pathEscapes: 'decoded',
  subjectIssuersHere: 'not trusted',
  foreignHosts: 'no issuer',
  standsBefore: 'cdn',
}
