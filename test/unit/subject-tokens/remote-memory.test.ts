/**
 * How much a host keeps of remote key sets, and what it still knows of those whose keys it has forgotten.
 */

import { describe, expect, test } from 'vitest'
import {
  KEY_SET_COOLDOWN_SECONDS,
  KEY_SET_REFETCH_SECONDS,
  REMOTE_KEYS_MAX,
} from '../../../src/limits.ts'
import { knownKeySets } from '../../../src/subject-tokens/known-key-sets.ts'
import { NO_HISTORY } from '../../../src/subject-tokens/remote-key-set.ts'
import { A, B, host, kidsIn } from './remote-host.ts'

type World = ReturnType<typeof crowded>

/** A host that has room for the keys of two issuers of one key each. */
function crowded(setsMax = 10) {
  const world = host([A], 'max-age=600', { keysMax: 4, setsMax })
  return {
    ...world,
    asks: () => world.web.asked.length,
    /** An issuer with its keys. */
    issuer: (name: string, keys: readonly unknown[] = [A]) => {
      const issuer = `https://${name}.example.com`
      const answers = world.web.answers
      answers.set(`${issuer}/.well-known/openid-configuration`, () =>
        Response.json({ issuer, jwks_uri: `${issuer}/keys` }),
      )
      answers.set(`${issuer}/keys`, () => Response.json({ keys }))
      return issuer
    },
  }
}

async function asksOf({ asks }: World, asking: () => Promise<unknown>): Promise<number> {
  const before = asks()
  await asking()
  return asks() - before
}

describe('keys in memory', () => {
  test('make room for those that were used later', async () => {
    const world = crowded()
    const { ask, issuer, wait } = world
    const [one, two, three] = [issuer('one'), issuer('two'), issuer('three')]
    await ask('kid-a', one)
    await ask('kid-a', two)
    await ask('kid-a', one)
    await ask('kid-a', three)
    wait(KEY_SET_REFETCH_SECONDS)
    expect(await asksOf(world, () => ask('kid-a', one))).toBe(0)
    expect(await asksOf(world, () => ask('kid-a', three))).toBe(0)
    expect(await asksOf(world, () => ask('kid-a', two))).toBe(2)
  })

  test('are counted by themselves, and not by their issuers', async () => {
    const world = crowded()
    const { ask, issuer, wait } = world
    const [one, two] = [issuer('one'), issuer('two', [A, B])]
    await ask('kid-a', one)
    await ask('kid-a', two)
    wait(KEY_SET_REFETCH_SECONDS)
    expect(await asksOf(world, () => ask('kid-a', two))).toBe(0)
    expect(await asksOf(world, () => ask('kid-a', one))).toBe(2)
  })

  test('are counted once, however often they are fetched', async () => {
    const world = crowded()
    const { ask, issuer, wait } = world
    const [one, two] = [issuer('one'), issuer('two')]
    for (const _time of [1, 2, 3]) {
      wait(600)
      await ask('kid-a', one)
      await ask('kid-a', two)
    }
    expect(await asksOf(world, () => ask('kid-a', one))).toBe(0)
    expect(await asksOf(world, () => ask('kid-a', two))).toBe(0)
  })

  test('are those of 2,000 issuers, as most are', () => {
    const known = knownKeySets()
    const kept = { keys: [{ kid: 'a' }], freshUntil: 1 } as never
    for (let index = 0; index < REMOTE_KEYS_MAX / 2; index += 1) {
      known.set(`${index}`, { ...NO_HISTORY, kept })
    }
    expect(known.get('0').kept).toBe(kept)
    known.set('one more', { ...NO_HISTORY, kept })
    expect(known.get('0').kept).toBeUndefined()
    expect(known.get('1').kept).toBe(kept)
  })
})

describe('an issuer whose keys made room', () => {
  test('is asked no oftener than every few seconds, whoever asks', async () => {
    const world = crowded()
    const { ask, issuer, wait } = world
    const issuers = ['one', 'two', 'three'].map((name) => issuer(name))
    const round = async () => {
      for (const each of issuers) await ask('kid-x', each)
    }
    expect(await asksOf(world, round)).toBe(6)
    expect(await asksOf(world, round)).toBe(0)
    wait(KEY_SET_REFETCH_SECONDS - 1)
    expect(await asksOf(world, round)).toBe(0)
    expect(await ask('kid-a', issuers[0])).toEqual({
      ok: false,
      message:
        'the keys of one.example.com made room for those of other issuers and are fetched again in a moment: let fewer issuers be discovered, or have their keys stand in the policy',
    })
    wait(1)
    expect(kidsIn(await ask('kid-a', issuers[0]))).toEqual(['kid-a'])
  })

  test('and that failed is asked no more often for it', async () => {
    const world = crowded()
    const { ask, issuer, wait, web } = world
    const one = issuer('one')
    web.answers.set(`${one}/keys`, () => new Response('', { status: 500 }))
    await ask('kid-a', one)
    for (const name of ['two', 'three', 'four']) await ask('kid-a', issuer(name))
    wait(KEY_SET_COOLDOWN_SECONDS - 1)
    expect(await asksOf(world, () => ask('kid-a', one))).toBe(0)
    wait(1)
    expect(await asksOf(world, () => ask('kid-a', one))).toBe(2)
  })

  test('is forgotten once too many others were asked', async () => {
    const world = crowded(3)
    const { ask, issuer } = world
    const one = issuer('one')
    await ask('kid-a', one)
    for (const name of ['two', 'three', 'four']) await ask('kid-a', issuer(name))
    expect(await asksOf(world, () => ask('kid-a', one))).toBe(2)
  })
})
