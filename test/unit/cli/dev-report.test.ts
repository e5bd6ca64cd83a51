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
  printReport({ url: 'http://127.0.0.1:1', directory, paths, kms: undefined, demo: null })
  const lines = write.mock.calls.map(([line]) => String(line))
  expect(lines).toContain(`  npx signet issuer list${option}\n`)
})

const KMS = { version: 1, endpoint: 'http://127.0.0.1:2', wrappingKey: 'arn:marked' } as const
const DEMO = {
  issuer: 'http://127.0.0.1:1/demo',
  discovery: 'd',
  jwksUri: 'j',
  created: false,
  token: { sub: 's', aud: 'a', alg: 'RS256', kid: 'k', expiresIn: 60 },
}

test.each([
  ['sealed', undefined, 'sealed'],
  ['kms', 'kms', 'kms  (KMS at http://127.0.0.1:2)'],
  ['sealed', 'kms-wrapped', 'sealed  (new issuers: kms-wrapped, KMS at http://127.0.0.1:2)'],
  ['kms-wrapped', 'kms', 'kms-wrapped  (new issuers: kms, KMS at http://127.0.0.1:2)'],
] as const)('a demo issuer of custody %s beside a KMS for %s', (custody, newOnes, shown) => {
  using write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  printReport({
    url: 'http://127.0.0.1:1',
    directory: undefined,
    paths: statePaths('.signet'),
    kms: newOnes && { ...KMS, custody: newOnes },
    demo: { ...DEMO, custody },
  })
  const printed = write.mock.calls.map(([text]) => String(text)).join('')
  expect(printed).toContain(`\ncustody    ${shown}\n`)
  expect(printed).not.toContain('marked')
})
