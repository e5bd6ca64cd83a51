import { expect, test } from 'vitest'
import { parseHttpConfig } from '../../../functions/lambda/lambda-config.ts'

const SOUND = {
  PUBLIC_URL: 'https://oidc.acme.dev',
  DEPLOYMENT: 'prod',
  AWS_REGION: 'eu-central-1',
  DOCUMENTS_BUCKET: 'signet-documents',
}

test.each<[unknown, boolean]>([
  ['true', true],
  [' true\n', true],
  ['', false],
  [undefined, false],
])('with HOST_IN_PATH %j it is said that the path has the host: %s', (HOST_IN_PATH, hostInPath) => {
  const parsed = parseHttpConfig({ ...SOUND, HOST_IN_PATH })
  expect(parsed).toMatchObject({ ok: true, config: { hostInPath } })
})

test.each(['false', 'TRUE', '1', ' ', true, 'arn:aws:iam::999988887777:role/marked'])(
  'refuses HOST_IN_PATH %j, and does not repeat it',
  (HOST_IN_PATH) => {
    expect(parseHttpConfig({ ...SOUND, HOST_IN_PATH })).toEqual({
      ok: false,
      problems: [
        'HOST_IN_PATH must be true or not set, got something else: set it where a CDN puts the host that it was asked for before the path, and only there',
      ],
    })
  },
)

test('reports it beside what else is wrong', () => {
  const parsed = parseHttpConfig({ ...SOUND, DEPLOYMENT: '', HOST_IN_PATH: 'no' })
  expect(parsed).toMatchObject({
    problems: [expect.stringMatching(/^DEPLOYMENT/), expect.stringMatching(/^HOST_IN_PATH/)],
  })
})
