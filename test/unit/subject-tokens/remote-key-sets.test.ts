import { describe, expect, test } from 'vitest'
import { KEY_SET_COOLDOWN_SECONDS, KEY_SET_STALE_SECONDS } from '../../../src/limits.ts'
import { A, AGE, B, host, kidsIn, settled } from './remote-host.ts'

describe('keys in memory', () => {
  test('are used while they are fresh, without asking anybody', async () => {
    const { ask, wait, fetches } = host()
    await ask()
    wait(AGE - 1)
    expect(kidsIn(await ask())).toEqual(['kid-a'])
    expect(fetches()).toBe(1)
  })

  test('are fetched anew at the end of their age, which is counted from their coming', async () => {
    const { ask, wait, fetches, publish } = host()
    await ask()
    publish([B])
    wait(AGE)
    expect(kidsIn(await ask('kid-b'))).toEqual(['kid-b'])
    wait(AGE - 1)
    await ask('kid-b')
    expect(fetches()).toBe(2)
  })

  test('are kept for as long as their sender says', async () => {
    const { ask, wait, fetches } = host([A], 'max-age=120')
    await ask()
    wait(119)
    await ask()
    expect(fetches()).toBe(1)
    wait(1)
    await ask()
    expect(fetches()).toBe(2)
  })
})

describe('a kid that is unknown', () => {
  test('has the keys fetched anew after the cooldown', async () => {
    const { ask, wait, publish, fetches } = host()
    await ask()
    publish([A, B])
    wait(KEY_SET_COOLDOWN_SECONDS)
    expect(kidsIn(await ask('kid-b'))).toEqual(['kid-a', 'kid-b'])
    expect(fetches()).toBe(2)
  })

  test('is answered with the keys that there are during the cooldown', async () => {
    const { ask, wait, publish, fetches } = host()
    await ask()
    publish([A, B])
    wait(KEY_SET_COOLDOWN_SECONDS - 1)
    expect(kidsIn(await ask('kid-b'))).toEqual(['kid-a'])
    expect(fetches()).toBe(1)
  })

  test('costs one fetch a cooldown, however many there are', async () => {
    const { ask, wait, fetches } = host()
    for (let round = 1; round <= 3; round += 1) {
      const asked = Array.from({ length: 1000 }, (_, index) => ask(`kid-${round}-${index}`))
      const answers = await Promise.all(asked)
      expect(answers.filter(({ ok }) => !ok)).toEqual([])
      await ask('one more')
      expect(fetches()).toBe(round)
      wait(KEY_SET_COOLDOWN_SECONDS)
    }
  })

  test('costs one also where those who began fetching were gone before it ended', async () => {
    const { ask, wait, fetches, fail, pass } = host()
    await ask()
    wait(KEY_SET_COOLDOWN_SECONDS)
    fail(() => new Promise(() => {}))
    const dropped = ask('kid-x')
    await settled()
    const waiting = ask('kid-y')
    await pass(2000)
    expect(kidsIn(await waiting)).toEqual(['kid-a'])
    expect(fetches()).toBe(2)
    await pass(5000)
    expect(await dropped).toMatchObject({ ok: false })
    expect(fetches()).toBe(2)
  })

  test('is not said to be unknown while the issuer cannot be asked', async () => {
    const { ask, wait, fail } = host()
    await ask()
    wait(KEY_SET_COOLDOWN_SECONDS)
    fail()
    expect(await ask('kid-b')).toMatchObject({
      ok: false,
      message: expect.stringContaining('status 503'),
    })
    expect(kidsIn(await ask('kid-a'))).toEqual(['kid-a'])
  })
})

describe('an issuer that fails', () => {
  test('is not asked again during the cooldown, and the failure is logged once', async () => {
    const { ask, wait, fail, fetches, logged } = host()
    fail()
    const first = await ask()
    wait(KEY_SET_COOLDOWN_SECONDS - 1)
    expect(first).toMatchObject({ ok: false })
    expect(await ask('kid-b')).toEqual(first)
    expect(fetches()).toBe(1)
    expect(logged).toEqual([
      {
        level: 'warn',
        event: 'key_set_unavailable',
        host: 'tokens.example.com',
        problem: 'bad_status',
      },
    ])
  })

  test('is asked again after it', async () => {
    const { ask, wait, fail, publish, logged } = host()
    fail()
    await ask()
    wait(KEY_SET_COOLDOWN_SECONDS)
    await ask()
    expect(logged).toHaveLength(2)
    publish([A])
    wait(KEY_SET_COOLDOWN_SECONDS)
    expect(kidsIn(await ask())).toEqual(['kid-a'])
    expect(kidsIn(await ask('kid-b'))).toEqual(['kid-a'])
  })

  test('is waited for by nobody during the cooldown', async () => {
    const { ask, wait, fail, pass, fetches } = host()
    await ask()
    wait(AGE)
    fail(() => new Promise(() => {}))
    const first = ask()
    await settled()
    await pass(5000)
    expect(kidsIn(await first)).toEqual(['kid-a'])
    expect(kidsIn(await ask())).toEqual(['kid-a'])
    expect(fetches()).toBe(2)
  })

  test('has its old keys used until they are stale for too long', async () => {
    const { ask, wait, fail, fetches } = host()
    await ask()
    fail()
    wait(AGE + KEY_SET_STALE_SECONDS - 1)
    expect(kidsIn(await ask())).toEqual(['kid-a'])
    expect(fetches()).toBe(2)
    wait(1)
    expect(await ask()).toMatchObject({ ok: false })
    expect(fetches()).toBe(2)
  })

  test('and comes back has its new keys used, and no old ones', async () => {
    const { ask, wait, fail, publish } = host()
    await ask()
    fail()
    wait(AGE)
    await ask()
    publish([B])
    wait(KEY_SET_COOLDOWN_SECONDS)
    expect(kidsIn(await ask())).toEqual(['kid-b'])
    expect(kidsIn(await ask())).toEqual(['kid-b'])
  })

  test('by having no usable key has withdrawn those that it had', async () => {
    const { ask, wait, publish } = host()
    await ask()
    publish([])
    wait(AGE)
    expect(await ask()).toMatchObject({ ok: false })
    wait(1)
    expect(await ask()).toMatchObject({ ok: false })
  })
})

test('never rejects, whatever its fetch does', async () => {
  const { ask, fail } = host()
  fail(() => {
    throw new Error('a secret of the platform')
  })
  const answer = await ask()
  expect(answer).toMatchObject({ ok: false })
  expect(JSON.stringify(answer)).not.toContain('secret')
})
