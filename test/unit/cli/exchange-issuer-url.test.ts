import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { issuerUrl } from '../../../src/cli/exchange/issuer-url.ts'
import { writeInstallation } from '../../../src/cli/state/installation.ts'
import { openStateDirectory } from '../../../src/cli/state/state-directory.ts'
import { temporaryDirectory } from '../../support/signet.ts'

const directory = await temporaryDirectory()
const state = join(directory.path, 'state')
// Without any secret: none is needed.
await writeInstallation(await openStateDirectory(state), 'http://127.0.0.1:8787')
afterAll(() => directory[Symbol.asyncDispose]())

const EXAMPLE = 'https://oidc.example.com'

test.each([
  ['a URL', `${EXAMPLE}/prod`, {}, `${EXAMPLE}/prod`],
  ['a URL in mixed case', 'https://OIDC.example.com/Prod', {}, 'https://OIDC.example.com/Prod'],
  ['a URL without a path', EXAMPLE, {}, EXAMPLE],
  ['a URL of this machine', 'http://127.0.0.1:1/a', {}, 'http://127.0.0.1:1/a'],
  ['a URL, whatever else is named', EXAMPLE, { state, url: 'https://other.example' }, EXAMPLE],
  ['a local id', 'demo', { state }, 'http://127.0.0.1:8787/demo'],
  ['an id', 'demo', { url: EXAMPLE }, `${EXAMPLE}/demo`],
  ['an id, of a URL with a slash', 'demo', { url: `${EXAMPLE}/` }, `${EXAMPLE}/demo`],
])('takes %s', async (_title, issuer, target, url) => {
  expect(await issuerUrl(issuer, target)).toBe(url)
})

const RULE =
  'the issuer must be an https URL such as https://oidc.example.com/prod, or the id of an issuer, got'

test.each([
  ['plain http', `http://a.example`, {}, 'the issuer must use https'],
  ['a query', `${EXAMPLE}?a=marked`, {}, 'the issuer must have no query, fragment or credentials'],
  ['credentials', 'https://a:marked@b.example', {}, 'no query, fragment or credentials'],
  ['credentials without a scheme', 'marked@b.example', {}, 'no query, fragment or credentials'],
  ['a trailing slash', `${EXAMPLE}/prod/`, {}, 'no trailing and no double slash'],
  ['the control API', `${EXAMPLE}/control`, {}, 'must not begin with /control'],
  [
    'its token endpoint',
    `${EXAMPLE}/prod/token`,
    {},
    'the issuer must be without /token at its end',
  ],
  ['the token endpoint of all', `${EXAMPLE}/token`, {}, 'must'],
  ['another scheme', 'file:///etc/passwd', {}, 'the issuer must use https'],
  ['no id', 'Prod', {}, `${RULE} "Prod"`],
  ['no scheme', 'oidc.example.com/prod', {}, `${RULE} "oidc.example.com/prod"`],
  ['nothing', '', {}, `${RULE} ""`],
  ['a token', 'eyJhbGciOiJSUzI1NiJ9.marked.c', {}, `${RULE} a token`],
  ['an ARN', 'arn:aws:marked', {}, 'got an ARN'],
  ['an id at plain http', 'demo', { url: 'http://a.example' }, '--url must use https'],
  ['an id at no URL', 'demo', { url: 'here' }, '--url must be an https URL such as'],
  ['an id of two', 'demo', { url: EXAMPLE, state }, '--state names a local installation'],
  [
    'an id of no installation',
    'demo',
    { state: join(directory.path, 'nowhere') },
    `no local installation has been started with the state in ${join(directory.path, 'nowhere')}`,
  ],
])('refuses %s', async (_title, issuer, target, sentence) => {
  const refusal = issuerUrl(issuer, target)
  await expect(refusal).rejects.toMatchObject({ exitCode: 2 })
  await expect(refusal).rejects.toThrow(sentence)
  await expect(refusal).rejects.not.toThrow('marked')
})
