import { expect, test, vi } from 'vitest'
import { printReport } from '../../../src/cli/dev/dev-report.ts'
import { statePaths } from '../../../src/cli/state/state-directory.ts'

test.each([
  [undefined, ''],
  ['plain/state', ' --state plain/state'],
  ["it's $HOME", String.raw` --state 'it'\''s $HOME'`],
])('the commands to try next name the state %j as a shell takes it', (directory, option) => {
  using write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const paths = statePaths(directory ?? '.signet')
  printReport({ url: 'http://127.0.0.1:1', directory, paths, demo: null })
  const lines = write.mock.calls.map(([line]) => String(line))
  expect(lines).toContain(`  npx signet issuer list${option}\n`)
})
