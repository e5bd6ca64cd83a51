/**
 * What the runbook and its neighbours tell operators to type exists, and what they say of moments is so.
 */

import { App, aws_lambda as lambda, CfnOutput } from 'aws-cdk-lib'
import type { Command } from 'commander'
import { existsSync, globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ofEachFunction } from '../../infra/issuer-host/each-function.ts'
import { SignetStack } from '../../infra/signet-stack.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { buildProgram } from '../../src/cli/program.ts'
import {
  DEFAULT_POLICY,
  leastPropagationDelaySeconds,
  retentionSeconds,
} from '../../src/issuers/policy.ts'
import { HAND_OVER_NOTICE_SECONDS } from '../../src/limits.ts'
import { publicationBounds } from '../../src/reading/publication-bounds.ts'
import { alarmNames } from './alarm-names.ts'
import { TEST_SETTINGS } from '../support/synthesized.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENTS = ['docs/runbook.md', 'docs/threat-model.md', 'docs/costs.md'] as const
const OTHERS = ['docs/storage-schema.md', 'SECURITY.md', 'CONTRIBUTING.md', 'README.md'] as const

const texts = Object.fromEntries(
  await Promise.all(
    [...DOCUMENTS, ...OTHERS].map(async (path) => [path, await readFile(join(ROOT, path), 'utf8')]),
  ),
) as Readonly<Record<string, string>>

function textOf(path: string): string {
  return texts[path] ?? ''
}

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each([...DOCUMENTS, ...OTHERS])('%s leads where there is something', (path) => {
  const links = [...textOf(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
  const broken = links.filter(([, file = '', anchor]) => {
    const target = file === '' ? path : join(dirname(path), file)
    const isKnown = anchor === undefined || anchorsOf(textOf(target)).includes(anchor)
    return !isKnown || !existsSync(join(ROOT, target))
  })
  expect(broken.map(([link]) => link)).toStrictEqual([])
})

describe.each(DOCUMENTS)('%s', (path) => {
  const text = textOf(path)

  test('names scripts that there are', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in packageJson.scripts))).toStrictEqual([])
  })

  test('spells commands as the command line takes them', () => {
    const problems = commandsIn(text).flatMap((words) => commandProblems(words))
    expect(problems).toStrictEqual([])
  })
})

/** The words behind `npx signet`, up to whatever ends a command. */
function commandsIn(text: string): string[][] {
  const joined = text.replaceAll('\\\n', ' ')
  return [...joined.matchAll(/npx signet ([^\n`|;>#]*)/g)].map(([, words = '']) =>
    (words.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).filter((word) => word !== '"${AT[@]}"'),
  )
}

function commandProblems(words: readonly string[]): string[] {
  const name = `signet ${words.join(' ')}`
  let command: Command = buildProgram()
  const rest = [...words]
  while (command.commands.length > 0) {
    const word = rest.shift()
    const next = command.commands.find((each) => each.name() === word)
    if (next === undefined) return [`${name}: there is no ${word}`]
    command = next
  }
  return argumentProblems(command, rest).map((problem) => `${name}: ${problem}`)
}

function argumentProblems(command: Command, words: string[]): string[] {
  const problems: string[] = []
  let given = 0
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const option = command.options.find(({ long, short }) => word === long || word === short)
    if (option === undefined && word.startsWith('--')) problems.push(`there is no ${word}`)
    else if (option === undefined) given += 1
    else if (option.required && words.shift() === undefined) problems.push(`${word} takes a value`)
  }
  const needed = command.registeredArguments.filter(({ required }) => required).length
  if (given < needed) problems.push('an argument is missing')
  if (given > command.registeredArguments.length) problems.push('there is an argument too many')
  return problems
}

test('the threat model names tests that there are', () => {
  const named = [...textOf('docs/threat-model.md').matchAll(/([\w*-]+(?:\.property)?\.test\.ts)/g)]
  const missing: string[] = []
  for (const name of new Set(named.map(([, file = '']) => file))) {
    const [found] = globSync(`test/**/${name}`, { cwd: ROOT })
    if (found === undefined) missing.push(name)
  }
  expect(missing).toStrictEqual([])
})

test.each([
  ['keys nothing', 'there is no nothing'],
  ['keys list', 'an argument is missing'],
  ['keys list prod other', 'an argument too many'],
  ['keys list prod --nothing', 'there is no --nothing'],
  ['issuer update prod --rotation-period', 'takes a value'],
])('what is misspelt is found: %s', (line, problem) => {
  expect(commandProblems(line.split(' ')).join()).toContain(problem)
})

describe('the runbook', () => {
  const text = textOf('docs/runbook.md')

  test('has a section for each alarm, and for none that is not there', () => {
    const part = text.slice(text.indexOf('## Rotation and its alarms'), text.indexOf('## Restore'))
    const headings = [...part.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toHaveLength(new Set(headings).size)
    expect(new Set(headings)).toStrictEqual(new Set(alarmNames()))
  })

  test('asks the stack for outputs that it has', () => {
    const host = { ...TEST_SETTINGS, bundles: ofEachFunction(() => lambda.Code.fromInline('-')) }
    const stack = new SignetStack(new App(), 'signet', { host })
    const outputs = stack.node.children.filter((child) => child instanceof CfnOutput)
    const asked = [...text.matchAll(/\$\(output (\w+)\)|output `(\w+)`/g)]
    const names = new Set(asked.map(([, inCommand, inText]) => inCommand ?? inText))
    expect(outputs.map(({ node }) => node.id)).toEqual(expect.arrayContaining([...names]))
    expect(names).toContain('ControlUrl')
  })

  test('writes files outside the checkout: documents hold keys', () => {
    expect(
      text.match(/(?:> |--body |VERSION-ID |"\$KEY" |file:\/\/)(?!"?\$W\/)[\w-]+\.json/g),
    ).toBeNull()
    expect(text.match(/"\$W\/[\w-]+\.json"/g)?.length).toBeGreaterThan(10)
  })

  // Workers KV is 300 s old at most, S3 not at all.
  const bounds = {
    aws: publicationBounds({ stalenessSeconds: 0 }),
    cloudflare: publicationBounds({ stalenessSeconds: 300 }),
  }

  test('says how soon a hand-over can come', () => {
    const [aws, cloudflare] = [bounds.aws, bounds.cloudflare].map((each) =>
      leastPropagationDelaySeconds(DEFAULT_POLICY, each).toLocaleString('en-US'),
    )
    expect(text).toContain(`${aws} s on AWS and ${cloudflare} s on Cloudflare`)
    expect(text).toContain(`${HAND_OVER_NOTICE_SECONDS} s after the run`)
  })

  test('and how long a superseded key stays', () => {
    const hours = retentionSeconds(DEFAULT_POLICY, bounds.aws) / 3600
    expect(hours).toBeGreaterThan(25.25)
    expect(hours).toBeLessThan(25.75)
    expect(text).toContain('some 25½ hours')
  })
})
