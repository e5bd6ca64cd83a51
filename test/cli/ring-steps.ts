/**
 * What tests of a ring's commands have in common: the way to a confirmed ring, and texts that every run has.
 */

import { afterAll, beforeAll, vi } from 'vitest'
import type { RotationReport } from '../../src/keyring/rotation-report.ts'
import type { ServedHost } from './served-host.ts'

/** For all tests of a file: a clock that stands, and the terminal and time zone that texts are kept of. */
export function inOneTerminal(): void {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.stubEnv('TZ', 'UTC')
    vi.stubEnv('TERM', 'xterm')
    vi.stubEnv('LC_ALL', 'C.UTF-8')
  })
  afterAll(() => {
    vi.useRealTimers()
    vi.unstubAllEnvs()
  })
}

/** The host's URL and its keys under names that every run has. */
export function stable({ url }: ServedHost, ...texts: string[]): string[] {
  const named = new Map<string, string>()
  for (const [kid] of texts.join('\n').matchAll(/[\w-]{43}/g)) {
    if (!named.has(kid)) named.set(kid, `kid-${named.size + 1}-`.padEnd(43, 'x'))
  }
  const kids = [...named].flatMap(([kid, name]) => [
    [kid, name] as const,
    [`${kid.slice(0, 8)}..`, `${name.slice(0, 8)}..`] as const,
  ])
  return texts.map((text) =>
    kids
      .reduce((changed, [kid, name]) => changed.replaceAll(kid, name), text)
      .replaceAll(url, 'https://oidc.example.com'),
  )
}

/** An issuer whose successor was seen twice. */
export async function confirmedRing(
  served: ServedHost,
  options = '--algorithm ES256',
): Promise<void> {
  await served.run(`issuer create prod ${options}`)
  await served.run('keys rotate prod')
  served.wait(15 * 60)
  await served.run('keys rotate prod')
  served.wait(15 * 60)
  await served.run('keys rotate prod')
}

export async function reportOf(served: ServedHost, command: string): Promise<RotationReport> {
  return JSON.parse((await served.run(`${command} --json`)).stdout) as RotationReport
}

export async function revisionOf(served: ServedHost): Promise<unknown> {
  const { stdout } = await served.run('issuer show prod --json')
  return (JSON.parse(stdout) as { readonly revision: number }).revision
}
