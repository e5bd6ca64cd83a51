/**
 * A local installation rotates by itself: Miniflare has no crons of its own.
 */

import { expect, test } from 'vitest'
import { freePort, startDev, temporaryDirectory } from '../support/signet.ts'

test('the demo issuer has a successor that is published soon after the start', async () => {
  await using own = await temporaryDirectory()
  const port = String(await freePort())
  const dev = await startDev(['--port', port, '--state', own.path, '--json'])
  try {
    const { demo } = JSON.parse(dev.report) as { demo: { jwksUri: string; token: { kid: string } } }
    const published = async () => {
      const { keys } = (await (await fetch(demo.jwksUri)).json()) as { keys: { kid: string }[] }
      return keys.map(({ kid }) => kid)
    }
    await dev.rotated
    expect(await published()).toEqual([demo.token.kid, expect.stringMatching(/^[\w-]{43}$/)])
  } finally {
    expect(await dev.stop()).toBe(0)
  }
})
