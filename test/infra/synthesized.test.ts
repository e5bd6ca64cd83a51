/**
 * What tests see of the synthesized template, and that the functions in it run what is built.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { LAMBDA_BUNDLES, type LambdaName } from '../../functions/bundle.ts'
import { synthesized } from '../support/synthesized.ts'

const NAMES = Object.keys(LAMBDA_BUNDLES) as LambdaName[]

beforeAll(async () => void (await synthesized()))

test.each(NAMES)(
  'the function %s runs the bundle that is built, with its handler',
  async (name) => {
    const { assetDirectory, functionNamed, template } = await synthesized()
    const { logicalId } = functionNamed(name)
    expect(assetDirectory(logicalId)).toBe(assetDirectory(name))
    const built = readFileSync(LAMBDA_BUNDLES[name])
    expect(readFileSync(join(assetDirectory(name), 'index.mjs')).equals(built)).toBe(true)
    expect(template.Resources[logicalId]?.Properties).toMatchObject({ Handler: 'index.handler' })
  },
)

test.each(NAMES)('the role of %s has statements', async (name) => {
  const { roleStatements } = await synthesized()
  expect(roleStatements(name).length).toBeGreaterThan(3)
})

test('who asks without settings gets one template, and two are alike', async () => {
  expect(await synthesized()).toBe(await synthesized())
  const settings = {
    domainNames: ['oidc.signet.internal'],
    certificateArn:
      'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
  }
  expect((await synthesized(settings)).template).toStrictEqual((await synthesized()).template)
})

test('what is not there is refused', async () => {
  const { assetDirectory } = await synthesized()
  expect(() => assetDirectory('other')).toThrow('there is not one function other')
})
