/**
 * The example, and what happens to whoever runs it without an issuer of their own.
 */

import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { expect, test } from 'vitest'
import { PodReadsBucket } from '../../infra/examples/pod-reads-bucket.ts'
import { temporaryDirectory } from '../support/signet.ts'

const EXAMPLE = join(import.meta.dirname, '../../infra/examples/pod-reads-bucket.ts')

test('run as it is, it refuses in one sentence and makes nothing', async () => {
  await using directory = await temporaryDirectory()
  const run = promisify(execFile)(process.execPath, [EXAMPLE], {
    env: { PATH: process.env['PATH'], HOME: directory.path, CDK_OUTDIR: directory.path },
  })
  await expect(run).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'infra/examples/pod-reads-bucket.ts: ISSUER_URL is still the placeholder: set it to the URL of your issuer\n',
  })
  expect(await readdir(directory.path)).toEqual([])
})

test('with an issuer it is synthesized by Node alone', async () => {
  await using directory = await temporaryDirectory()
  const text = await readFile(EXAMPLE, 'utf8')
  const mine = text
    .replace("ISSUER_URL = 'https://oidc.example.com", "ISSUER_URL = 'https://oidc.signet.internal")
    .replace("'../iam-trust/", `'${join(EXAMPLE, '../../iam-trust')}/`)
    .replace("'aws-cdk-lib'", `'${import.meta.resolve('aws-cdk-lib')}'`)
  const path = join(directory.path, 'mine.ts')
  await writeFile(path, mine)
  const outdir = join(directory.path, 'out')
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [path], {
    env: { PATH: process.env['PATH'], HOME: directory.path, CDK_OUTDIR: outdir },
  })
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
  expect(await readdir(outdir)).toContain('PodReadsBucket.template.json')
})

test('a pod reads one bucket and can do nothing else', () => {
  const issuerUrl = 'https://oidc.signet.internal/prod'
  const template = Template.fromStack(
    new PodReadsBucket(new App(), 'PodReadsBucket', { issuerUrl }),
  )

  template.resourceCountIs('AWS::IAM::OIDCProvider', 1)
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'oidc.signet.internal/prod:aud': 'sts.amazonaws.com',
              'oidc.signet.internal/prod:sub': 'system:serviceaccount:reports:reader',
            },
          },
        },
      ],
    },
  })
  const policies = Object.values(template.findResources('AWS::IAM::Policy'))
  const statements = policies.flatMap((policy) => policy['Properties'].PolicyDocument.Statement)
  expect(statements).toHaveLength(1)
  const [{ Action, Resource }] = statements
  expect(Action).toEqual(['s3:GetObject*', 's3:GetBucket*', 's3:List*'])
  // The bucket and what is in it.
  expect(JSON.stringify(Resource).match(/Reports\w+/g)).toHaveLength(2)
  expect(Resource).toHaveLength(2)
  template.hasOutput('RoleArn', {})
})
