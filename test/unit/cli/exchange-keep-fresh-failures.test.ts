import { describe, expect, test } from 'vitest'
import { ExchangeFailure } from '../../../src/cli/exchange/exchange-failure.ts'
import { POLL_SECONDS } from '../../../src/cli/exchange/keep-fresh.ts'
import { EXIT, usageError } from '../../../src/cli/exit.ts'
import {
  DOWN,
  EXPIRED,
  HOUR,
  MINUTE,
  newWorld,
  REFUSED,
  runWorld,
  type World,
} from './exchange-world.ts'

const NO_FILE = usageError('the file cannot be read')

/** Moments. */
function tellings(world: World): number[] {
  return world.said.filter(({ line }) => line === EXPIRED).map(({ at }) => at)
}

describe('while something fails', () => {
  test('the pauses double from a second to a minute, and the next success ends that', async () => {
    const world = newWorld({ exchangeFailure: DOWN })
    world.onWake = () => {
      if (world.attempts.length === 9) world.exchangeFailure = undefined
      if (world.written.length === 1) world.exchangeFailure = DOWN
    }
    await runWorld(world, HOUR)
    const pauses = world.attempts.slice(1).map((at, index) => at - (world.attempts[index] ?? 0))
    expect(pauses.slice(0, 12)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 2880, 1, 2])
  })

  test('chance shortens a pause to its half at most', async () => {
    const world = newWorld({ exchangeFailure: DOWN, random: 1 })
    await runWorld(world, 4)
    expect(world.attempts).toEqual([0, 0.5, 1.5, 3.5])
  })

  test('each failure is one line, and the file stays as it is', async () => {
    const world = newWorld()
    world.onWake = () => {
      world.exchangeFailure = DOWN
    }
    await runWorld(world, 48 * MINUTE + 2)
    expect(world.written).toHaveLength(1)
    expect(world.said.slice(1)).toEqual([
      {
        at: 48 * MINUTE,
        line: 'signet: no issuer answers; FILE stays as it is, tried again in 1 s',
      },
      {
        at: 48 * MINUTE + 1,
        line: 'signet: no issuer answers; FILE stays as it is, tried again in 2 s',
      },
    ])
  })

  test('a file that is not there yet is not said to stay', async () => {
    const world = newWorld({ isThere: false, exchangeFailure: DOWN })
    world.onWake = () => {
      world.exchangeFailure = world.written.length === 0 ? undefined : DOWN
    }
    await runWorld(world, 48 * MINUTE + 2)
    expect(world.said.map(({ line }) => line)).toMatchObject([
      'signet: no issuer answers; there is no FILE yet, tried again in 1 s',
      expect.stringContaining('written to FILE'),
      'signet: no issuer answers; FILE stays as it is, tried again in 1 s',
    ])
  })

  test('a refusal waits a minute from the beginning', async () => {
    const world = newWorld({ exchangeFailure: REFUSED })
    await runWorld(world, 3 * MINUTE)
    expect(world.attempts).toEqual([0, 60, 120])
    expect(world.said[0]?.line).toBe(
      'signet: the issuer refuses; FILE stays as it is, tried again in 1 min',
    )
  })

  test('a token file that changed is tried at once', async () => {
    const world = newWorld({ exchangeFailure: REFUSED })
    world.onWake = () => {
      if (world.now !== 20) return
      world.version = '2'
      world.exchangeFailure = undefined
    }
    await runWorld(world, MINUTE)
    expect(world.written).toEqual([{ at: 20, token: 'subject-1 at 20' }])
  })

  test('a token file that changed during the exchange is tried at the next look', async () => {
    const world = newWorld({ exchangeFailure: REFUSED })
    const read: World = Object.defineProperty(world, 'subjectToken', {
      get: () => {
        // Once it was read it is another one.
        world.version = '2'
        return 'subject-1'
      },
    })
    await runWorld(read, 15)
    expect(world.attempts).toEqual([0, POLL_SECONDS])
  })

  test('a token file that is not there is tried again', async () => {
    const world = newWorld({ readFailure: NO_FILE, version: 'none' })
    world.onWake = () => {
      if (world.now < 40) return
      world.readFailure = undefined
      world.version = '2'
    }
    await runWorld(world, MINUTE)
    expect(world.written).toHaveLength(1)
    expect(world.said[0]?.line).toContain('the file cannot be read; FILE stays as it is')
  })

  test('a token that cannot be written is exchanged again', async () => {
    const world = newWorld({ writeFailure: usageError('the file cannot be written (ENOSPC)') })
    world.onWake = () => {
      world.writeFailure = undefined
    }
    await runWorld(world, MINUTE)
    expect(world.attempts).toEqual([0, 1])
    expect(world.written).toEqual([{ at: 1, token: 'subject-1 at 1' }])
  })

  test('a host is given the time that it asks for', async () => {
    const exchangeFailure = new ExchangeFailure(EXIT.refused, 'too busy', {
      isFinal: false,
      retryAfterSeconds: 100,
    })
    const world = newWorld({ exchangeFailure })
    await runWorld(world, 250)
    expect(world.attempts).toEqual([0, 100, 200])
  })

  test('what is a mistake of its own ends it', async () => {
    const world = newWorld({ exchangeFailure: new TypeError('a mistake') })
    await expect(runWorld(world, MINUTE)).rejects.toThrow('a mistake')
  })
})

describe('a token that expires without a new one', () => {
  test.each([
    ['the host is down', DOWN],
    ['the host refuses', REFUSED],
  ])('is told once, when it is over, while %s', async (_title, failure) => {
    const world = newWorld()
    world.onWake = () => {
      world.exchangeFailure = failure
    }
    await runWorld(world, 5 * HOUR)
    const [first = 0, ...more] = tellings(world)
    expect(first).toBeGreaterThanOrEqual(HOUR)
    expect(first).toBeLessThanOrEqual(HOUR + POLL_SECONDS)
    expect(more).toEqual([])
  })

  test('is told again when that happens to the next one', async () => {
    const world = newWorld()
    world.onWake = () => {
      const isUp = world.now >= 2 * HOUR && world.now < 2 * HOUR + 2 * MINUTE
      world.exchangeFailure = isUp ? undefined : DOWN
    }
    await runWorld(world, 6 * HOUR)
    expect(world.written).toHaveLength(2)
    expect(tellings(world)).toHaveLength(2)
  })

  test('is told when it is over, also in the middle of a long pause', async () => {
    // The life counts from before the exchange.
    const world = newWorld({ exchangeSeconds: 30 })
    world.onWake = () => {
      world.exchangeSeconds = 0
      world.exchangeFailure = new ExchangeFailure(EXIT.refused, 'too busy', {
        isFinal: false,
        retryAfterSeconds: 600,
      })
    }
    await runWorld(world, 2 * HOUR)
    expect(world.attempts.slice(1, 4)).toEqual([2880, 3480, 4080])
    expect(tellings(world)).toEqual([HOUR])
  })

  test('is told of no token that was there before', async () => {
    const world = newWorld({ exchangeFailure: DOWN })
    await runWorld(world, 5 * HOUR)
    expect(tellings(world)).toEqual([])
  })

  test('is told after an exchange that outlived it', async () => {
    const world = newWorld({ life: 10 })
    world.onWake = () => {
      world.exchangeFailure = DOWN
      world.exchangeSeconds = 35
    }
    await runWorld(world, 44)
    expect(tellings(world)).toEqual([43])
  })
})
