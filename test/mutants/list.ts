/**
 * The rules of the ring one by one, each with a change that leaves it out.
 *
 * What is to be found stands in its file exactly once; `test/unit/mutants.test.ts` says so when it does not any more.
 */

import type { Mutant } from './mutant.ts'
import { MUTANTS_OF_PLANS } from './mutants-of-plans.ts'
import { MUTANTS_OF_WRITES } from './mutants-of-writes.ts'

export const MUTANTS: readonly Mutant[] = [...MUTANTS_OF_PLANS, ...MUTANTS_OF_WRITES]
