import { describe, expect, test } from 'vitest'
import { copyOf, readingHost } from './reading-host.ts'

describe('an issuer', () => {
  test('is asked for where this instance creates it during a read', async () => {
    const host = readingHost()
    const early = await host.begin()
    host.reader.refresh('https://oidc.example.com/prod')
    const next = await host.begin()
    host.answer(0, undefined)
    host.answer(1, copyOf(1))
    // It looks again before it says that there is nothing.
    expect(await early.outcome).toMatchObject({ copy: copyOf(1) })
    expect(await next.outcome).toMatchObject({ copy: copyOf(1) })
    expect(await host.readFromMemory()).toMatchObject({ copy: copyOf(1) })
  })

  test('is not vacant for having been so before this instance created it', async () => {
    const host = readingHost()
    const early = await host.begin()
    host.reader.refresh('https://oidc.example.com/prod')
    host.answer(0, undefined)
    expect(await early.outcome).toBeUndefined()
    expect(await host.readWith(copyOf(1))).toMatchObject({ copy: copyOf(1) })
  })

  test('is asked for again where it was read while this instance changed it', async () => {
    const host = readingHost()
    const early = await host.begin()
    host.reader.refresh('https://oidc.example.com/prod')
    host.answer(0, copyOf(1))
    expect(await early.outcome).toMatchObject({ copy: copyOf(1) })
    expect(await host.readWith(copyOf(2))).toMatchObject({ copy: copyOf(2) })
  })
})
