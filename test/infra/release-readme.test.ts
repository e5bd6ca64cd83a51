/**
 * What a release's README.txt says exists: commands, files, parameters, outputs.
 */

import { expect, test } from 'vitest'
import { releaseFiles, SUMS_FILE, TEMPLATE_FILE } from '../../infra/deploy/release-files.ts'
import { RELEASE_PARAMETERS } from '../../infra/deploy/release-parameters.ts'
import { releaseSources } from '../../infra/deploy/release-sources.ts'
import packageJson from '../../package.json' with { type: 'json' }

const sources = await releaseSources()
const files = releaseFiles(sources)
const readme = textOf('README.txt')
const template: unknown = JSON.parse(textOf(TEMPLATE_FILE))

function textOf(path: string): string {
  return new TextDecoder().decode(files.get(path))
}

/** Each with what its lines go on with. */
function commands(): string[] {
  const joined = readme.replaceAll('\\\n', ' ')
  return [...joined.matchAll(/^ {2}(\S.*)$/gm)].map(([, line = '']) => line.replaceAll(/ +/g, ' '))
}

test('says which release it is of', () => {
  expect(readme).toContain(`Signet ${sources.version}\n`)
})

test('has the commands of both ways, in their order', () => {
  const { devDependencies } = packageJson
  expect(commands()).toEqual([
    `sha256sum -c ${SUMS_FILE}`,
    `aws s3 cp functions/ s3://BUCKET/${RELEASE_PARAMETERS.CodePrefix.default} --recursive`,
    `aws cloudformation deploy --stack-name signet --template-file ${TEMPLATE_FILE} --s3-bucket BUCKET --capabilities CAPABILITY_IAM --parameter-overrides DomainNames=oidc.your-domain CertificateArn=ARN CodeBucket=BUCKET`,
    'aws cloudformation update-termination-protection --stack-name signet --enable-termination-protection',
    'cd worker',
    `npx wrangler@${devDependencies.wrangler} deploy --env production`,
  ])
})

test('gives every parameter that has no value by default, and none that there is not', () => {
  const given = [...readme.matchAll(/([A-Z]\w+)=/g)].map(([, name]) => name)
  const needed = Object.entries(RELEASE_PARAMETERS).filter(([, props]) => !('default' in props))
  expect(given).toEqual(needed.map(([name]) => name))
})

test('names files and outputs as they are', () => {
  const named = [...readme.matchAll(/worker\/[\w.]+\w/g)].map(([path]) => path)
  expect(named).toContain('worker/wrangler.toml')
  expect(named.filter((path) => !files.has(path))).toEqual([])
  expect(readme).toContain('DistributionDomain')
  expect(template).toMatchObject({ Outputs: { DistributionDomain: {} } })
})
