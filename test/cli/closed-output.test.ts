import { expect, test } from 'vitest'
import { finished } from '../support/signet.ts'

test.each([
  ['prose', 'issuer list --state /nonexistent 2>&1', 2],
  ['data', '--help', 0],
])(
  'a reader of %s that goes away does not change how a command ended',
  async (_what, args, ended) => {
    const main = `"${process.execPath}" src/cli/main.ts ${args}`
    const { code } = await finished('bash', ['-o', 'pipefail', '-c', `${main} | true`])
    expect(code).toBe(ended)
  },
)
