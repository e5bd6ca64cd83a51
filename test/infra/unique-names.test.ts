/**
 * Names that CloudFront wants once in an account, whatever the region: of each stack they are others.
 */

import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { releaseTemplate } from '../../infra/deploy/release-template.ts'
import { ofEachFunction } from '../../infra/issuer-host/each-function.ts'
import { stackUniqueName } from '../../infra/issuer-host/stack-unique-name.ts'
import { type PhysicalNames, resolved, resourcesOf } from '../support/aws/template.ts'
import type { Template as TemplateData } from '../support/aws/template.ts'
import { distributionStack } from './distribution-stack.ts'
import { at } from './readable.ts'
import { synthesized } from '../support/synthesized.ts'

/** Where each type has its name; all take 64 characters of these. */
const NAMED = {
  'AWS::CloudFront::CachePolicy': ['CachePolicyConfig', 'Name'],
  'AWS::CloudFront::Function': ['Name'],
  'AWS::CloudFront::OriginAccessControl': ['OriginAccessControlConfig', 'Name'],
  'AWS::CloudFront::ResponseHeadersPolicy': ['ResponseHeadersPolicyConfig', 'Name'],
} as const
const TAKEN = /^[\w-]{1,64}$/

const UUIDS = ['51af3dc0-da77-11e4-872e-1234567db123', '51af3dc0-da77-11e4-872e-1234567db124']

/** In a stack whose name is as long as one may be. */
function namesIn(uuid: string): PhysicalNames {
  const id = `arn:aws:cloudformation:eu-central-1:111122223333:stack/${'s'.repeat(128)}/${uuid}`
  return {
    ref: (name) => (name === 'AWS::StackId' ? id : undefined),
    attribute: () => undefined,
  }
}

const TEMPLATES: readonly (readonly [string, TemplateData])[] = [
  ['of the app', (await synthesized()).template],
  [
    'that is released',
    JSON.parse(releaseTemplate(ofEachFunction((name) => `${name}.zip`))) as TemplateData,
  ],
]

describe.each(TEMPLATES)('the template %s', (_what, template) => {
  const types = Object.entries(NAMED)

  test.each(types)('has in each name of %s the stack', (type, path) => {
    const found = resourcesOf(template, type)
    expect(found).not.toEqual([])
    for (const [, { Properties }] of found) {
      const [one, other] = UUIDS.map((uuid) => resolved(at(Properties, ...path), namesIn(uuid)))
      expect(one).toMatch(TAKEN)
      expect(one).toContain(UUIDS[0])
      expect(other).not.toBe(one)
    }
  })

  test('has no other resource of CloudFront but the distribution', () => {
    const all = Object.values(template.Resources).map(({ Type }) => Type)
    const others = all.filter((type) => type.startsWith('AWS::CloudFront::') && !(type in NAMED))
    expect(others).toEqual(['AWS::CloudFront::Distribution'])
  })
})

const nameIn = (scope: Parameters<typeof stackUniqueName>[0]) =>
  resolved(Stack.of(scope).resolve(stackUniqueName(scope, 'cache')), namesIn(UUIDS[0] ?? ''))

test('two of a kind in one stack have different names, and one of two templates the same', () => {
  const { stack } = distributionStack()
  const cdn = stack.node.children.find(({ node }) => node.id === 'Cdn')
  if (cdn === undefined) throw new Error('there is no distribution')
  expect(nameIn(cdn)).not.toBe(nameIn(stack))
  expect(nameIn(new Stack(new App(), 'One'))).toBe(nameIn(new Stack(new App(), 'Two')))
  expect(() => Template.fromStack(stack)).not.toThrow()
})
