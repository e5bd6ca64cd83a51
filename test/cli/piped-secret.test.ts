import { expect, test } from 'vitest'
import { answeringHost } from '../support/answering-host.ts'
import { signet } from '../support/signet.ts'

const SECRET = 'marked-secret-0123456789abcdefghijklmnop'

test('a host gets the secret from standard input, and none that is no secret', async () => {
  await using host = await answeringHost(200, '{"issuers":[],"next":null}')
  const args = ['issuer', 'list', '--json', '--url', host.url, '--secret-file', '-']
  expect(await signet(args, { input: `${SECRET}\n` })).toMatchObject({ code: 0, stdout: '[]\n' })
  const refused = await signet(args, { input: 'short' })
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain('standard input must hold one secret')
  expect(refused.stderr).not.toContain('short')
  expect(host.seen).toHaveLength(1)
})
