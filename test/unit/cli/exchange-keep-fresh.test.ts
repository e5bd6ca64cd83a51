import { describe, expect, test } from 'vitest'
import { POLL_SECONDS } from '../../../src/cli/exchange/keep-fresh.ts'
import { DOWN, EXPIRED, HOUR, MINUTE, newWorld, REFUSED, runWorld } from './exchange-world.ts'

describe('as long as all goes well', () => {
  test('a token is there at once, and the next at 80 % of its life, for a day', async () => {
    const world = newWorld()
    await runWorld(world, 24 * HOUR)
    const moments = Array.from({ length: 30 }, (_, index) => index * 48 * MINUTE)
    expect(world.written).toEqual(moments.map((at) => ({ at, token: `subject-1 at ${at}` })))
    expect(world.said).toHaveLength(30)
    expect(world.said[0]?.line).toBe(
      'Token of ISSUER for SUBJECT written to FILE, expires in 1 h; the next one in 48 min.',
    )
  })

  test('the life counts from before the exchange, which may take long', async () => {
    const world = newWorld({ exchangeSeconds: 30 })
    await runWorld(world, HOUR)
    expect(world.attempts).toEqual([0, 48 * MINUTE])
  })

  test('chance moves it to an earlier moment', async () => {
    const world = newWorld({ random: 1 })
    await runWorld(world, HOUR)
    expect(world.attempts).toEqual([0, 45 * MINUTE])
  })

  test('the token file is read anew each time', async () => {
    const world = newWorld()
    world.onWake = () => {
      world.subjectToken = 'subject-2'
    }
    await runWorld(world, HOUR)
    expect(world.written.map(({ token }) => token)).toEqual(['subject-1 at 0', 'subject-2 at 2880'])
  })

  test('a renewed token file alone is no reason for an exchange', async () => {
    const world = newWorld()
    world.onWake = () => {
      world.version = String(world.now)
    }
    await runWorld(world, HOUR)
    expect(world.attempts).toHaveLength(2)
  })

  test('a token that hardly lives is not exchanged without a pause', async () => {
    const world = newWorld({ life: 1 })
    await runWorld(world, MINUTE)
    expect(world.attempts).toHaveLength(12)
  })

  test('exchanges that take longer than a token lives do not follow each other at once', async () => {
    const world = newWorld({ life: 10, exchangeSeconds: 35 })
    await runWorld(world, 100)
    expect(world.attempts).toEqual([0, 40, 80])
  })

  test('no sleep is so long that a suspended machine would wake up late', async () => {
    const world = newWorld()
    world.onWake = () => {
      // The machine was suspended: ten hours are gone.
      if (world.sleeps.length === 3) world.now += 10 * HOUR
    }
    await runWorld(world, 10 * HOUR + 2 * MINUTE)
    expect(Math.max(...world.sleeps)).toBe(POLL_SECONDS)
    expect(world.attempts).toEqual([0, 10 * HOUR + 3 * POLL_SECONDS])
    expect(world.said.map(({ line }) => line)).not.toContain(EXPIRED)
  })
})

describe('once it is told to stop', () => {
  test('nothing is done any more where that was before the start', async () => {
    const world = newWorld()
    world.stop.abort()
    await runWorld(world, HOUR)
    expect(world).toMatchObject({ attempts: [], said: [], sleeps: [] })
  })

  test('it ends in the middle of a pause', async () => {
    const world = newWorld()
    await runWorld(world, 1)
    expect(world.sleeps).toEqual([POLL_SECONDS])
    expect(world.attempts).toEqual([0])
  })

  test('it ends in the middle of a pause after a failure', async () => {
    const world = newWorld({ exchangeFailure: REFUSED })
    await runWorld(world, 1)
    expect(world.sleeps).toEqual([POLL_SECONDS])
  })

  test.each([
    ['a token that comes then is not written', undefined],
    ['what it gave up is not told', DOWN],
  ])('%s', async (_title, failure) => {
    const world = newWorld()
    Object.defineProperty(world, 'exchangeFailure', {
      get: () => {
        world.stop.abort()
        return failure
      },
    })
    await runWorld(world, HOUR)
    expect(world).toMatchObject({ attempts: [0], written: [], said: [], sleeps: [] })
  })
})
