import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { rotateRegularly } from '../../../src/cli/dev/local-rotation.ts'

const NOTE =
  'Not every key ring could be rotated: the lines above say why. It is tried again in 15 minutes.\n'

const noted: string[] = []
beforeEach(() => {
  noted.length = 0
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    noted.push(String(text))
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

/** A schedule whose turns and whose rotations are in the hand of the test. */
function scheduled() {
  const rotations: PromiseWithResolvers<void>[] = []
  const timer = { milliseconds: 0, turn: () => {}, isEnded: false }
  const { stop } = rotateRegularly({
    rotate: () => {
      const rotation = Promise.withResolvers<void>()
      rotations.push(rotation)
      return rotation.promise
    },
    every: (milliseconds, run) => {
      timer.milliseconds = milliseconds
      timer.turn = run
      return () => {
        timer.isEnded = true
      }
    },
  })
  /** The rotation that was begun last ends, and everyone has heard of it. */
  async function ended(failure?: Error): Promise<void> {
    const last = rotations.at(-1)
    if (failure === undefined) last?.resolve()
    else last?.reject(failure)
    await new Promise(setImmediate)
  }
  return { rotations, timer, stop, ended }
}

test('rotates at once, and every quarter of an hour', async () => {
  const { rotations, timer, ended } = scheduled()
  expect(timer.milliseconds).toBe(15 * 60 * 1000)
  expect(rotations).toHaveLength(1)
  await ended()
  timer.turn()
  expect(rotations).toHaveLength(2)
  await ended()
  timer.turn()
  expect(rotations).toHaveLength(3)
  expect(noted).toEqual([])
})

test('leaves out a turn while the one before goes on', async () => {
  const { rotations, timer, ended } = scheduled()
  timer.turn()
  timer.turn()
  expect(rotations).toHaveLength(1)
  await ended()
  timer.turn()
  expect(rotations).toHaveLength(2)
})

test('tells that a rotation failed, without its words, and tries again', async () => {
  const { rotations, timer, ended } = scheduled()
  await ended(new Error('marked'))
  expect(noted).toEqual([NOTE])
  timer.turn()
  expect(rotations).toHaveLength(2)
  await ended(new Error('marked'))
  expect(noted).toEqual([NOTE, NOTE])
})

test('ends its timer when it is stopped, and says nothing of what that ended', async () => {
  const { timer, stop, ended } = scheduled()
  expect(timer.isEnded).toBe(false)
  stop()
  expect(timer.isEnded).toBe(true)
  await ended(new Error('the runtime is gone'))
  expect(noted).toEqual([])
})
