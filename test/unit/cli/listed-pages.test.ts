import { expect, test } from 'vitest'
import { listAnswer } from '../../../src/cli/host/answers.ts'
import { listPages } from '../../../src/cli/host/listed-pages.ts'

// A host that always has one page more.
test.each([
  ['empty pages', 0, 10_000],
  ['full pages', 30_000, 4],
])('a list of %s without end is given up', async (_title, issuersOfPage, pagesRead) => {
  const issuers = Array.from({ length: issuersOfPage }, () => ({ id: 'a', problem: 'b' }))
  let pages = 0
  const listed = listPages(
    async ({ answer }) => {
      pages += 1
      return answer.parse({ issuers, next: `a${String(pages).padStart(6, '0')}` })
    },
    {},
    listAnswer,
  )
  await expect(listed).rejects.toMatchObject({
    exitCode: 1,
    message: 'the list of issuers does not end',
  })
  expect(pages).toBe(pagesRead)
})
