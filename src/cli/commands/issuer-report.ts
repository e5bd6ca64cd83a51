/**
 * An issuer as people read it.
 */

import { systemClock } from '../../clock.ts'
import type { IssuerAnswer } from '../host/answers.ts'
import { formatDuration, formatMoment } from '../moments.ts'
import type { TargetOptions } from '../host/target.ts'
import { data, fields, json } from '../output.ts'
import { printKeys } from './key-report.ts'

export function printIssuer(issuer: IssuerAnswer, options: TargetOptions): void {
  if (options.json) return json(issuer)
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
      ...(policy.custody === 'none' ? publishOnlyFields : signingFields(policy)),
      ['JWK Set max-age', formatDuration(policy.jwksMaxAgeSeconds)],
    ]),
  )
  if (issuer.keys.length > 0) data('')
  printKeys(issuer, options, now)
}

type Field = readonly [name: string, value: string]

const publishOnlyFields: readonly Field[] = [['custody', 'none (it only publishes)']]

function signingFields(policy: IssuerAnswer['policy']): readonly Field[] {
  return [
    ['algorithm', policy.algorithm],
    ['custody', policy.custody],
    ['rotation period', formatDuration(policy.rotationPeriodSeconds)],
    ['propagation delay', formatDuration(policy.propagationDelaySeconds)],
    ['token TTL maximum', formatDuration(policy.tokenTtlMaxSeconds)],
  ]
}
