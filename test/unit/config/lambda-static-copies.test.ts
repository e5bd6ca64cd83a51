import { describe, expect, test } from 'vitest'
import {
  parseControlConfig,
  parseHttpConfig,
  parseRotateConfig,
} from '../../../functions/lambda/lambda-config.ts'

const HTTP = {
  PUBLIC_URL: 'https://oidc.acme.dev',
  DEPLOYMENT: 'prod',
  AWS_REGION: 'eu-central-1',
  DOCUMENTS_BUCKET: 'signet-documents',
}
const CONTROL = { ...HTTP, ROTATE_FUNCTION: 'signet-rotate' }
const ROTATE = { ...HTTP, KMS_SIGNERS: 'arn:aws:iam::999988887777:role/marked-http' }

describe('static copies', () => {
  const copies = { STATIC_COPIES_BUCKET: ' signet-copies\n' }

  test('have a bucket, of which the function that rotates alone has the name', () => {
    expect(parseRotateConfig({ ...ROTATE, ...copies })).toMatchObject({
      ok: true,
      config: { bucket: 'signet-documents', copiesBucket: 'signet-copies' },
    })
    const control = parseControlConfig({ ...CONTROL, ...copies })
    expect(control).toMatchObject({ ok: true, config: { hasStaticCopies: true } })
    expect(JSON.stringify(control)).not.toContain('signet-copies')
    expect(JSON.stringify(parseHttpConfig({ ...HTTP, ...copies }))).not.toContain('signet-copies')
  })

  test.each([[undefined], ['']])('may be none: %j', (STATIC_COPIES_BUCKET) => {
    const rotate = parseRotateConfig({ ...ROTATE, STATIC_COPIES_BUCKET })
    expect(rotate.ok && 'copiesBucket' in rotate.config).toBe(false)
    expect(parseControlConfig({ ...CONTROL, STATIC_COPIES_BUCKET })).toMatchObject({
      config: { hasStaticCopies: false },
    })
  })

  test.each<[string, unknown]>([
    ['that of the documents', HTTP.DOCUMENTS_BUCKET],
    ['that of the documents with spaces', ` ${HTTP.DOCUMENTS_BUCKET} `],
    ['an ARN', 'arn:aws:s3:::marked'],
    ['a bucket in capitals', 'Marked'],
    ['what is no text', 7],
  ])('refuse %s as their bucket', (_title, STATIC_COPIES_BUCKET) => {
    const given = { STATIC_COPIES_BUCKET }
    for (const parsed of [
      parseRotateConfig({ ...ROTATE, ...given }),
      parseControlConfig({ ...CONTROL, ...given }),
    ]) {
      const problems = parsed.ok ? [] : parsed.problems
      expect(problems).toEqual([expect.stringMatching(/^STATIC_COPIES_BUCKET must be /)])
      // What was given may have the account in it.
      expect(problems.join()).not.toMatch(/arn:|marked/i)
    }
  })
})
