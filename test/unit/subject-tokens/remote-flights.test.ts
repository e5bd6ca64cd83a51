import { describe, expect, test } from 'vitest'
import { A, AGE, B, host, kidsIn, settled } from './remote-host.ts'
import { ISSUER } from './remote-web.ts'

/** Whoever began the first fetch is gone with it. */
async function dropped() {
  const world = host()
  const { ask, fail, publish } = world
  fail(() => new Promise(() => {}))
  void ask()
  await settled()
  const waiting = [ask(), ask()]
  await settled()
  return { ...world, waiting, heal: () => publish([A]) }
}

describe('asked for at once', () => {
  test('keys are fetched once', async () => {
    const { ask, fetches, web } = host()
    const answers = await Promise.all([ask(), ask(), ask('kid-b')])
    expect(answers.map(kidsIn)).toEqual([['kid-a'], ['kid-a'], ['kid-a']])
    expect(fetches()).toBe(1)
    expect(web.asked).toHaveLength(2)
  })

  test('those of another issuer, and of the same one with keys elsewhere, are others', async () => {
    const { ask, web, fetches } = host()
    const elsewhere = ask('kid-a', ISSUER, 'keys.example.com')
    const other = ask('kid-a', 'https://other.example.com')
    expect(kidsIn(await ask())).toEqual(['kid-a'])
    expect(await elsewhere).toMatchObject({ ok: false })
    expect(await other).toMatchObject({ ok: false })
    expect(web.asked).toHaveLength(4)
    expect(fetches()).toBe(1)
  })
})

describe('a fetch that somebody else began', () => {
  test('is not waited for without end: one of those who wait fetches, with all the time', async () => {
    const { waiting, fetches, pass, heal } = await dropped()
    heal()
    expect(fetches()).toBe(1)
    await pass(2000)
    expect((await Promise.all(waiting)).map(kidsIn)).toEqual([['kid-a'], ['kid-a']])
    expect(fetches()).toBe(2)
  })

  test.each([0, 1])(
    'and that fails %d s after another one brought keys says nothing of the issuer',
    async (seconds) => {
      const world = host()
      const { ask, fail, publish, pass, wait, logged } = world
      const late = Promise.withResolvers<Response>()
      fail(() => late.promise)
      const first = ask()
      await settled()
      const second = ask()
      wait(seconds)
      publish([A])
      await pass(2000)
      await second
      late.resolve(new Response('', { status: 500 }))
      await first
      expect(logged).toHaveLength(1)
      expect(kidsIn(await ask('kid-b'))).toEqual(['kid-a'])
    },
  )

  test('and another one, and both without end, are too much', async () => {
    const { waiting, pass } = await dropped()
    await pass(2000)
    await pass(5000)
    expect(await Promise.all(waiting)).toEqual([
      { ok: false, message: expect.stringContaining('was not there in full') },
      { ok: false, message: expect.stringContaining('was not there in full') },
    ])
  })

  test('and that comes after another one brought keys takes no place of theirs', async () => {
    const { ask, fail, publish, pass } = host()
    const late = Promise.withResolvers<Response>()
    fail(() => late.promise)
    const first = ask()
    await settled()
    const second = ask('kid-b')
    publish([B])
    await pass(2000)
    expect(kidsIn(await second)).toEqual(['kid-b'])
    late.resolve(Response.json({ keys: [A] }))
    expect(kidsIn(await first)).toEqual(['kid-b'])
  })

  test('and a second one that somebody else began, and both without end, are followed by one of its own', async () => {
    const { ask, waiting, fetches, pass, heal } = await dropped()
    const third = ask()
    await pass(2000)
    expect(fetches()).toBe(2)
    heal()
    await pass(1000)
    expect(kidsIn(await Promise.race(waiting))).toEqual(['kid-a'])
    expect(kidsIn(await third)).toEqual(['kid-a'])
    expect(fetches()).toBe(4)
  })

  test('and a second one are waited for in vain by nobody for whom keys came meanwhile', async () => {
    const { ask, fail, pass, fetches } = host()
    const late = Promise.withResolvers<Response>()
    fail(() => late.promise)
    const first = ask()
    await settled()
    const waiting = [ask(), ask()]
    fail(() => new Promise(() => {}))
    await pass(2000)
    late.resolve(Response.json({ keys: [A] }))
    await first
    await pass(1000)
    expect(kidsIn(await Promise.race(waiting))).toEqual(['kid-a'])
    expect(fetches()).toBe(2)
  })
})

describe('the runtime', () => {
  test('is told to finish a fetch by whoever began it, and by nobody else', async () => {
    const { askKept, fail } = host()
    const answer = Promise.withResolvers<Response>()
    fail(() => answer.promise)
    const kept: Promise<unknown>[] = []
    const first = askKept((work) => void kept.push(work))
    await settled()
    const others = askKept(() => expect.unreachable())
    await settled()
    expect(kept).toHaveLength(1)
    answer.resolve(Response.json({ keys: [A] }))
    await kept[0]
    expect((await Promise.all([first, others])).map(kidsIn)).toEqual([['kid-a'], ['kid-a']])
    expect(kidsIn(await askKept(() => expect.unreachable()))).toEqual(['kid-a'])
  })
})

/** Keys that are over, and a fetch that takes its time. */
async function refreshing() {
  const world = host()
  await world.ask()
  world.wait(AGE)
  const answer = Promise.withResolvers<Response>()
  world.fail(() => answer.promise)
  const kept: Promise<unknown>[] = []
  const first = world.askKept((work) => void kept.push(work))
  await settled()
  return { ...world, first, kept, answer }
}

describe('keys that are no longer fresh', () => {
  test('are used after a second, and the fetch goes on', async () => {
    const { ask, pass, first, kept, answer, fetches } = await refreshing()
    const second = ask()
    await pass(1000)
    expect((await Promise.all([first, second])).map(kidsIn)).toEqual([['kid-a'], ['kid-a']])
    answer.resolve(Response.json({ keys: [B] }))
    await Promise.all(kept)
    expect(kidsIn(await ask('kid-b'))).toEqual(['kid-b'])
    expect(fetches()).toBe(2)
  })

  test('make room at once for those that come within it', async () => {
    const { ask, first, answer } = await refreshing()
    const second = ask()
    answer.resolve(Response.json({ keys: [B] }))
    expect((await Promise.all([first, second])).map(kidsIn)).toEqual([['kid-b'], ['kid-b']])
  })

  test('are used at once while the fetch is known to be slow, until it must be dead', async () => {
    const { ask, wait, pass, fetches } = await refreshing()
    wait(2)
    expect(kidsIn(await ask())).toEqual(['kid-a'])
    wait(4)
    expect(kidsIn(await ask())).toEqual(['kid-a'])
    expect(fetches()).toBe(2)
    wait(1)
    const next = ask()
    await settled()
    expect(fetches()).toBe(3)
    await pass(1000)
    expect(kidsIn(await next)).toEqual(['kid-a'])
  })

  test('and have not the kid do not stand for those that are fetched', async () => {
    const { ask, pass, answer } = await refreshing()
    const asked = ask('kid-b')
    await pass(1000)
    answer.resolve(Response.json({ keys: [B] }))
    expect(kidsIn(await asked)).toEqual(['kid-b'])
  })

  test('are fetched anew also where the clock went back during a fetch', async () => {
    const { ask, wait, pass, fetches } = await refreshing()
    wait(AGE)
    const next = ask()
    await settled()
    await pass(1000)
    await next
    expect(fetches()).toBe(3)
    wait(-1)
    const after = ask()
    await settled()
    await pass(1000)
    await after
    expect(fetches()).toBe(4)
  })
})
