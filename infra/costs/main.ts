/**
 * `node infra/costs/main.ts`: prints the tables of `docs/costs.md`; with `--write` it puts them there.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { data } from '../../src/cli/output.ts'
import { onlyOption, runScript, type Script } from '../deploy/script.ts'
import { costTables } from './cost-tables.ts'
import { withTables } from './written-tables.ts'

const DOCUMENT = new URL('../../docs/costs.md', import.meta.url)

const SCRIPT: Script = {
  name: 'infra/costs/main.ts',
  usage: `node infra/costs/main.ts [--write]

Prints the tables of docs/costs.md.

  --write   put them there`,
}

const args = process.argv.slice(2)

async function main(): Promise<number> {
  const writes = onlyOption('--write', args)
  const tables = costTables()
  if (writes) await writeFile(DOCUMENT, withTables(await readFile(DOCUMENT, 'utf8'), tables))
  else data(Object.values(tables).join('\n\n'))
  return 0
}

await runScript(SCRIPT, args, main)
