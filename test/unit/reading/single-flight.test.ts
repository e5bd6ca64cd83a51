import { describe, expect, test } from 'vitest'
import { singleFlight } from '../../../src/reading/single-flight.ts'
import { heldDeadlines } from '../../support/workerd/held-deadlines.ts'

const WAIT = 4000
const PATIENCE = 1000
const REST = WAIT - PATIENCE

function flights() {
  const held = heldDeadlines()
  const flight = singleFlight<string, string>({
    deadline: held.deadline,
    patienceMilliseconds: PATIENCE,
  })
  const begun: PromiseWithResolvers<string>[] = []
  const read = (): Promise<string> => {
    const resolvers = Promise.withResolvers<string>()
    begun.push(resolvers)
    return resolvers.promise
  }
  return {
    ask: (key = 'a', wait = WAIT) => flight.answerOf(key, read, wait),
    /** Lets the deadlines of so many milliseconds pass, and everything that follows from it happen. */
    pass: async (milliseconds: number) => {
      const count = held.pass(milliseconds)
      await settled()
      return count
    },
    answer: async (index: number, text: string) => {
      begun[index]?.resolve(text)
      await settled()
    },
    count: () => begun.length,
  }
}

/** Everything that is decided already has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('one read at a time', () => {
  test('answers everyone who asks during it', async () => {
    const { ask, answer, count } = flights()
    const asked = [ask(), ask(), ask()]
    await answer(0, 'answer')
    expect(await Promise.all(asked)).toEqual(['answer', 'answer', 'answer'])
    expect(count()).toBe(1)
  })

  test('is another one for another key', async () => {
    const { ask, answer, count } = flights()
    const asked = [ask('a'), ask('b')]
    await answer(1, 'of b')
    await answer(0, 'of a')
    expect(await Promise.all(asked)).toEqual(['of a', 'of b'])
    expect(count()).toBe(2)
  })

  test('is followed by another one', async () => {
    const { ask, answer } = flights()
    const first = ask()
    await answer(0, 'first')
    const second = ask()
    await answer(1, 'second')
    expect([await first, await second]).toEqual(['first', 'second'])
  })
})

describe('a read that does not end', () => {
  test('is late for whoever began it, and makes room for the next one', async () => {
    const { ask, answer, pass } = flights()
    const first = ask()
    expect(await pass(WAIT)).toBe(1)
    expect(await first).toBe('late')
    const second = ask()
    await answer(1, 'second')
    expect(await second).toBe('second')
  })

  test('is waited for by others for a while, and then they read for themselves', async () => {
    const { ask, answer, pass, count } = flights()
    const first = ask()
    const others = [ask(), ask()]
    expect(await pass(PATIENCE)).toBe(2)
    expect(count()).toBe(2)
    await answer(1, 'second')
    expect(await Promise.all(others)).toEqual(['second', 'second'])
    await answer(0, 'first')
    expect(await first).toBe('first')
  })

  test('is late for others when their whole wait is over', async () => {
    const { ask, pass } = flights()
    void ask()
    const other = ask()
    await pass(PATIENCE)
    expect(await pass(REST)).toBe(1)
    expect(await other).toBe('late')
  })

  test('is late for others at once where they wait no longer than for a while', async () => {
    const { ask, pass, count } = flights()
    void ask()
    const other = ask('a', PATIENCE)
    await pass(PATIENCE)
    expect(await other).toBe('others_late')
    // The next one finds a read that is under way.
    expect(count()).toBe(2)
  })

  test('does not end the one that followed it', async () => {
    const { ask, answer, pass, count } = flights()
    const first = ask()
    await pass(WAIT)
    expect(await first).toBe('late')
    const second = ask()
    await answer(0, 'first')
    const third = ask()
    expect(count()).toBe(2)
    await answer(1, 'second')
    expect([await second, await third]).toEqual(['second', 'second'])
  })
})
