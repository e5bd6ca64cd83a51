/**
 * What a change of the policy does, and when: as people read it.
 */

import { printable } from '../../printable.ts'
import type { EffectAnswer } from '../host/rotation-answers.ts'
import { formatDuration, formatMoment } from '../moments.ts'
import { table } from '../output.ts'

const NAMES: Readonly<Record<string, string>> = {
  rotationPeriodSeconds: 'rotation period',
  propagationDelaySeconds: 'propagation delay',
  tokenTtlMaxSeconds: 'token TTL maximum',
  jwksMaxAgeSeconds: 'JWK Set max-age',
}

const WHEN: Readonly<Record<string, string>> = {
  at_once: 'at once',
  once_seen: 'once it was seen',
  by_degrees: 'by degrees',
  by_rotation: 'by a rotation',
}

/** A row a setting, and below it how each of them comes about. */
export function effectsTable(effects: readonly EffectAnswer[], now: number): string {
  const rows = effects.map((effect) => [
    nameOf(effect),
    valueText(effect, effect.from),
    valueText(effect, effect.to),
    whenText(effect, now),
  ])
  const explanations = effects.map((each) => printable(`${nameOf(each)}: ${each.explanation}.`))
  return [table(['SETTING', 'NOW', 'THEN', 'TAKES EFFECT'], rows), '', ...explanations].join('\n')
}

/** Of those that do not take effect at once. */
export function lateEffectSentences(effects: readonly EffectAnswer[], now: number): string[] {
  return effects
    .filter(({ takesEffect }) => takesEffect !== 'at_once')
    .map(
      (effect) => `${nameOf(effect)} takes effect ${whenText(effect, now)}: ${effect.explanation}.`,
    )
}

function nameOf({ setting }: EffectAnswer): string {
  return NAMES[setting] ?? setting
}

function valueText({ setting }: EffectAnswer, value: string | number): string {
  return setting.endsWith('Seconds') && typeof value === 'number'
    ? formatDuration(value)
    : String(value)
}

function whenText({ takesEffect, at }: EffectAnswer, now: number): string {
  const when = WHEN[takesEffect] ?? takesEffect
  if (at === undefined) return when
  const moment = formatMoment(at, now)
  return takesEffect === 'at_once'
    ? `${when}, felt from ${moment}`
    : `${when}, ${moment} at the earliest`
}
