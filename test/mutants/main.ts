/**
 * Leaves out one rule of the ring after the other, and sees that a test notices each: `npm run test:mutants [NAME…]`.
 *
 * Works on a copy. MUTANT_HISTORIES says in how many histories each mutant must be found (default: 400 of each kind).
 */

import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CUT_SHORT } from '../support/ring-world/amount.ts'
import { MUTANTS } from './list.ts'
import type { Mutant } from './mutant.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const COPIED = ['src', 'test', 'functions', 'package.json', 'tsconfig.json', 'tsconfig.core.json']
const CONFIG = 'vitest.mutants.config.ts'
const AT_ONCE = 2

/** Its tests alone, without what the whole suite has made before it starts. */
const CONFIG_TEXT = `import { defineConfig } from 'vitest/config'
export default defineConfig({ test: { include: ['test/**/*.test.ts'], testTimeout: 600_000 } })
`

interface Verdict {
  readonly mutant: Mutant
  /** The test that failed; nothing where none did. */
  readonly killer: string | undefined
  readonly seconds: number
}

function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'signet-mutants-'))
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(join(copy, CONFIG), CONFIG_TEXT)
  return copy
}

async function judge(copy: string, mutant: Mutant): Promise<Verdict> {
  const { file, find, replace, killedBy, isRare = false } = mutant
  const path = join(copy, file)
  const original = readFileSync(path, 'utf8')
  if (original.split(find).length !== 2) throw new Error(`${file} does not have it once: ${find}`)
  const began = performance.now()
  // A function, so that nothing in the text is taken for a pattern.
  writeFileSync(
    path,
    original.replace(find, () => replace),
  )
  try {
    const killer = await failingTest(copy, killedBy, isRare ? 5 : 1)
    return { mutant, killer, seconds: (performance.now() - began) / 1000 }
  } finally {
    writeFileSync(path, original)
  }
}

async function failingTest(copy: string, file: string, times = 1): Promise<string | undefined> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const { MUTANT_HISTORIES = '400' } = process.env
  const histories = String(times * Number(MUTANT_HISTORIES))
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const settings = ['--config', CONFIG, '--bail', '1', '--reporter', 'json', '--outputFile', report]
  const run = spawn(process.execPath, [vitest, 'run', ...settings, file], {
    cwd: copy,
    env: { ...process.env, RING_HISTORIES: histories, RING_SHRINKING: 'none' },
    stdio: 'ignore',
  })
  await new Promise((resolve) => run.on('close', resolve))
  return killerIn(JSON.parse(readFileSync(report, 'utf8')))
}

interface Report {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly title: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** A file that does not even load says nothing about a rule, and neither does one that ran out of time. */
function killerIn({ numTotalTests, testResults }: Report): string | undefined {
  if (numTotalTests === 0) throw new Error(`no test ran: ${testResults[0]?.message}`)
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed')
  if (failed === undefined) return undefined
  const why = failed.failureMessages[0]?.split('\n')[0]?.replace(/^\w*Error: /, '') ?? ''
  if (why.startsWith(CUT_SHORT)) throw new Error(`${failed.title}: ${why}`)
  return `${failed.title} – ${why}`
}

/** What fails without a mutant kills none. */
async function failsAsItIs(files: ReadonlySet<string>): Promise<boolean> {
  const copy = copyOfProject()
  try {
    for (const file of files) {
      const failing = await failingTest(copy, file)
      if (failing === undefined) continue
      say(`without any mutant ${file} fails: ${failing}`)
      return true
    }
    return false
  } finally {
    rmSync(copy, { recursive: true })
  }
}

async function main(names: readonly string[]): Promise<number> {
  const waiting = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name))
  if (await failsAsItIs(new Set(waiting.map(({ killedBy }) => killedBy)))) return 1
  const verdicts: Verdict[] = []
  async function work(): Promise<void> {
    const copy = copyOfProject()
    try {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const verdict = await judge(copy, mutant)
        verdicts.push(verdict)
        say(lineOf(verdict))
      }
    } finally {
      rmSync(copy, { recursive: true })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const survived = verdicts.filter(({ killer }) => killer === undefined)
  say(`${verdicts.length - survived.length} killed, ${survived.length} survived`)
  return survived.length === 0 ? 0 : 1
}

function lineOf({ mutant, killer, seconds }: Verdict): string {
  const outcome = killer === undefined ? 'SURVIVED' : 'killed'
  const time = `${seconds.toFixed(0)} s`.padStart(6)
  return `${outcome.padEnd(9)}${time}  ${mutant.name} (${mutant.rule})\n                 ${killer ?? mutant.killedBy}`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main(process.argv.slice(2))
