/**
 * Once nothing goes wrong any more, and every job runs: whatever was before, the ring comes in order by itself.
 */

import { describe, expect, test } from 'vitest'
import { histories, LONG_MS } from '../support/ring-world/amount.ts'
import { anyHistory } from '../support/ring-world/arbitrary-histories.ts'
import { brokenIn } from '../support/ring-world/broken-in.ts'

const ROTATED = histories(60)
const SWEPT = histories(50)

describe(`after any history, ${ROTATED + SWEPT} in all`, () => {
  test(
    `the ring rotates on, one successor of the policy's kind stands by, and changes of the policy have settled: ${ROTATED} histories`,
    async () => {
      const anyOne = anyHistory('set policy', 'revoke')
      const broken = await brokenIn(anyOne, { isQuietAfter: true, count: ROTATED })
      // oxlint-disable-next-line vitest/valid-expect -- said in full, which a difference of texts is not
      expect(broken, broken).toBe('nothing')
    },
    LONG_MS,
  )

  test(
    `sweeps leave no key behind that no ring names: ${SWEPT} histories`,
    async () => {
      const anyOne = anyHistory('crashes', 'kept keys', 'sweep', 'races')
      const broken = await brokenIn(anyOne, { isQuietAfter: true, count: SWEPT })
      // oxlint-disable-next-line vitest/valid-expect -- said in full, which a difference of texts is not
      expect(broken, broken).toBe('nothing')
    },
    LONG_MS,
  )
})
