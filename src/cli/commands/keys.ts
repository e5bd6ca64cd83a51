/**
 * `signet keys`: what is in a key ring.
 */

import { Command } from 'commander'
import { systemClock } from '../../clock.ts'
import type { KeyAnswer } from '../host/answers.ts'
import { formatMoment } from '../moments.ts'
import { data, json, table } from '../output.ts'
import { addTargetOptions, openTarget, type TargetOptions } from '../host/target.ts'

export function keysCommand(): Command {
  const list = new Command('list')
    .description('list the keys of an issuer with their states and moments')
    .argument('<issuer>', 'its id')
    .action(async (id: string, options: TargetOptions) => {
      const ring = await (await openTarget(options)).listKeys(id)
      if (options.json) return json(ring)
      data(keyTable(ring.keys, systemClock.now()))
    })
  return new Command('keys')
    .description('the key ring of an issuer')
    .addCommand(addTargetOptions(list))
}

export function keyTable(keys: readonly KeyAnswer[], now: number): string {
  return table(
    ['KID', 'ALG', 'CUSTODY', 'STATUS', 'PUBLISHED', 'SIGNS FROM'],
    keys.map(({ kid, alg, custody, status, publishedAt, activatesAt }) => [
      kid,
      alg,
      custody,
      status,
      formatMoment(publishedAt, now),
      // The first key's moment lies a clock skew in the past; nobody saw it sign before it was there.
      activatesAt === undefined
        ? 'not decided'
        : formatMoment(Math.max(activatesAt, publishedAt), now),
    ]),
  )
}
