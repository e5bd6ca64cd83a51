/**
 * What each kind of run asks of storage, of AWS KMS and of the public documents: counted over one ring's life, for each custody.
 */

import { data, table } from '../../src/cli/output.ts'
import { KEY_CUSTODIES, type KeyCustody } from '../../src/signers/key-manager.ts'
import { counted } from '../counted.ts'
import type { Aim } from '../report.ts'
import { expectedCalls, type RunKind } from './expected-calls.ts'
import { ringLife } from './ring-life.ts'

interface CountedRun {
  readonly kind: RunKind
  readonly custody: KeyCustody
  readonly calls: string
  readonly expected: string
}

export async function countRotationCalls(): Promise<Aim[]> {
  const runs: CountedRun[] = []
  for (const custody of KEY_CUSTODIES) {
    for (const { kind, calls } of await ringLife(custody)) {
      const expected = expectedCalls(kind, custody)
      runs.push({ kind, custody, calls: counted(calls), expected })
    }
  }
  data('\nCalls of rotations and sweeps: S3, AWS KMS, and requests for public documents\n')
  data(
    table(
      ['run', 'custody', 'calls'],
      [...byKind(runs)].flatMap(([kind, each]) =>
        withoutRepeats(each).map(({ custodies, calls }) => [kind, custodies, calls]),
      ),
    ),
  )
  return Array.from(byKind(runs), ([kind, each]) => aimOf(kind, each))
}

function byKind(runs: readonly CountedRun[]): Map<RunKind, CountedRun[]> {
  return Map.groupBy(runs, ({ kind }) => kind)
}

/** Custodies with the same calls in one line. */
function withoutRepeats(
  runs: readonly CountedRun[],
): { readonly custodies: string; readonly calls: string }[] {
  return Array.from(
    Map.groupBy(runs, ({ calls }) => calls),
    ([calls, same]) => ({ custodies: same.map(({ custody }) => custody).join(', '), calls }),
  )
}

function aimOf(kind: RunKind, runs: readonly CountedRun[]): Aim {
  const different = runs.filter(({ calls, expected }) => calls !== expected)
  return {
    what: `Calls, ${kind}`,
    measured: withoutRepeats(runs)
      .map(({ custodies, calls }) => `${calls} (${custodies})`)
      .join('; '),
    aim:
      different.length === 0
        ? 'exactly these'
        : different.map(({ custody, expected }) => `${expected} (${custody})`).join('; '),
    isMet: different.length === 0,
  }
}
