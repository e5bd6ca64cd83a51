import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDER = new URL('../', import.meta.url)

/** The cells of all rows of the tables, but their heads. */
const ROWS = readFileSync(new URL('README.md', FOLDER), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:folder|requirement) /.test(line))
  .map((line) => line.split('|').slice(1, -1))

/** Paths, and commands not. */
function pathsIn(cell: string): string[] {
  return [...cell.matchAll(/`([^` ]+)`/g)].flatMap(([, path = '']) =>
    path.includes('/') ? [path] : [],
  )
}

function isThere(path: string): boolean {
  return globSync(path, { cwd: FOLDER }).length > 0
}

test('every folder and every test that the README names is there', () => {
  const named = ROWS.flatMap((cells) => [...pathsIn(cells[0] ?? ''), ...pathsIn(cells[2] ?? '')])
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter((path) => !isThere(path))).toStrictEqual([])
})

test('every requirement has a test', () => {
  const requirements = ROWS.filter(({ length }) => length === 3)
  const untested = requirements.filter(([, , tests = '']) => pathsIn(tests).length === 0)
  expect(untested).toStrictEqual([])
})
