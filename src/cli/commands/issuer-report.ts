/**
 * An issuer as people read it.
 */

import { systemClock } from '../../clock.ts'
import type { IssuerAnswer } from '../host/answers.ts'
import { formatDuration, formatMoment } from '../moments.ts'
import { data, fields, json } from '../output.ts'
import { keyTable } from './keys.ts'

export function printIssuer(issuer: IssuerAnswer, asJson: true | undefined): void {
  if (asJson) return json(issuer)
  const now = systemClock.now()
  const { policy } = issuer
  data(
    fields([
      ['id', issuer.id],
      ['issuer', issuer.issuer],
      ['discovery', `${issuer.issuer}/.well-known/openid-configuration`],
      ['JWK Set', `${issuer.issuer}/.well-known/jwks.json`],
      ['created', formatMoment(issuer.createdAt, now)],
      ['revision', String(issuer.revision)],
      ['algorithm', policy.algorithm],
      ['custody', policy.custody],
      ['rotation period', formatDuration(policy.rotationPeriodSeconds)],
      ['propagation delay', formatDuration(policy.propagationDelaySeconds)],
      ['token TTL maximum', formatDuration(policy.tokenTtlMaxSeconds)],
      ['JWK Set max-age', formatDuration(policy.jwksMaxAgeSeconds)],
    ]),
  )
  data(`\n${keyTable(issuer.keys, now)}`)
}
