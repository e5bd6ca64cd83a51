/**
 * What AWS KMS is asked for tokens, counted: by the control API over documents in memory.
 */

import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { data, table } from '../../src/cli/output.ts'
import { startKmsFake } from '../../test/support/aws/kms-fake.ts'
import { controlHostOver, createIssuer, mintToken } from '../aws-seed.ts'
import { counted } from '../counted.ts'
import type { Aim } from '../report.ts'

type KmsCustody = 'kms' | 'kms-wrapped'

interface Counted {
  readonly custody: KmsCustody
  readonly first: readonly string[]
  readonly further: readonly string[]
}

const FURTHER_TOKENS = 19

export async function countKmsCalls(): Promise<Aim[]> {
  const all = [await count('kms'), await count('kms-wrapped')]
  data('\nCalls of AWS KMS for tokens\n')
  data(
    table(
      ['custody', 'for the first token', `for the ${FURTHER_TOKENS} after it`],
      all.map(({ custody, first, further }) => [custody, counted(first), counted(further)]),
    ),
  )
  return all.map(aimOf)
}

async function count(custody: KmsCustody): Promise<Counted> {
  const kms = await startKmsFake()
  try {
    const host = await controlHostOver(memoryStore(), kms)
    await createIssuer(host, custody)
    const before = kms.calls.length
    await mintToken(host)
    const afterFirst = kms.calls.length
    for (let token = 0; token < FURTHER_TOKENS; token += 1) await mintToken(host)
    const calls = kms.calls
    return {
      custody,
      first: calls.slice(before, afterFirst),
      further: calls.slice(afterFirst),
    }
  } finally {
    await kms.close()
  }
}

function aimOf({ custody, first, further }: Counted): Aim {
  const expected = custody === 'kms' ? FURTHER_TOKENS : 0
  return {
    what: `Calls of AWS KMS for tokens, custody ${custody}`,
    measured: `${first.length} for the first token, ${further.length} for ${FURTHER_TOKENS} more`,
    aim: custody === 'kms' ? 'one each' : 'none after the first token',
    isMet: further.length === expected && (custody !== 'kms' || first.length === 1),
  }
}
