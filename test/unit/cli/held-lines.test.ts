import { expect, test } from 'vitest'
import { heldLines } from '../../../src/cli/dev/held-lines.ts'

test('lines are held until they are released, and then pass at once, in their order', () => {
  const printed: string[] = []
  const { write, release } = heldLines((line) => void printed.push(line))
  write('a')
  write('b')
  expect(printed).toEqual([])
  release()
  expect(printed).toEqual(['a', 'b'])
  write('c')
  release()
  expect(printed).toEqual(['a', 'b', 'c'])
})
