/**
 * What `signet dev` prints once it is up: where things are, what was shown to work, and what to try next.
 */

import { relative } from 'node:path'
import { formatDuration } from '../moments.ts'
import { data, fields, styled } from '../output.ts'
import { shellWord } from '../shell-word.ts'
import type { LocalKms } from '../state/local-kms.ts'
import type { StatePaths } from '../state/state-directory.ts'
import { DEMO_AUDIENCE, type Demo, DEMO_ID } from './demo.ts'

export interface DevReport {
  readonly url: string
  /** The state directory as the user named it; `undefined` for the default. */
  readonly directory: string | undefined
  readonly paths: StatePaths
  readonly kms: LocalKms | undefined
  readonly demo: Demo | null
}

export function printReport({ url, directory, paths, kms, demo }: DevReport): void {
  data(`${styled('bold', 'Signet')} runs at ${url}, its state in ${shownPath(paths.root)}\n`)
  if (demo === null) data('The demo issuer was deleted, so there is nothing to show.\n')
  else printDemo(demo, kms)
  data(`${styled('bold', 'Try next')}, in another terminal:\n`)
  for (const command of nextCommands(directory, demo)) data(`  ${command}`)
  data('\nCtrl-C stops it.')
}

function printDemo(
  { issuer, discovery, jwksUri, custody, created, token }: Demo,
  kms: LocalKms | undefined,
): void {
  data(
    fields([
      ['issuer', `${issuer}${created ? '  (created)' : ''}`],
      ['discovery', discovery],
      ['JWK Set', jwksUri],
      ['custody', shownCustody(custody, kms)],
    ]),
  )
  data(`
Minted a token and verified it as a relying party does, through these URLs alone:
${fields([
  ['discovery → JWK Set', 'found'],
  ['signature', `right (${token.alg}, kid ${token.kid})`],
  ['iss', issuer],
  ['sub', token.sub],
  ['aud', token.aud],
  ['exp', `in ${formatDuration(token.expiresIn)}`],
])}
`)
}

/** An issuer's custody never changes, so the demo issuer may have another one than those that are made now. */
function shownCustody(custody: string, kms: LocalKms | undefined): string {
  if (kms === undefined) return custody
  const others = custody === kms.custody ? '' : `new issuers: ${kms.custody}, `
  return `${custody}  (${others}KMS at ${kms.endpoint})`
}

/** Who may exchange which tokens: a ready-made policy. */
const CHECK_POLICY = 'npx signet policy check -f docs/policies/fleet.yaml'

function nextCommands(directory: string | undefined, demo: Demo | null): string[] {
  const state = directory === undefined ? '' : ` --state ${shellWord(directory)}`
  const create = `npx signet issuer create prod${state}`
  if (demo === null) return [`npx signet issuer list${state}`, create, CHECK_POLICY]
  const mint = `npx signet token mint ${DEMO_ID} --namespace default --service-account demo --audience ${DEMO_AUDIENCE}${state}`
  return [
    `curl ${demo.jwksUri}`,
    `npx signet keys list ${DEMO_ID}${state}`,
    `${mint} | npx signet token inspect --verify`,
    create,
    CHECK_POLICY,
  ]
}

function shownPath(path: string): string {
  const shown = relative(process.cwd(), path)
  return shown === '' || shown.startsWith('..') ? path : shown
}
