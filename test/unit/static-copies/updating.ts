/**
 * Updates of static copies, with a store that tells what is asked of it and an issuer that somebody else may change.
 */

import { documentRenderer } from '../../../src/documents/rendered-documents.ts'
import type { IssuerDocument, StoredIssuer } from '../../../src/issuers/issuer-document.ts'
import { updateCopies } from '../../../src/static-copies/update-copies.ts'
import { anIssuer, aTombstone, NOW } from '../../support/fixtures.ts'
import { BOUNDS, POLICY } from '../../support/rotation-fixtures.ts'
import { testCopies, type TestCopies, wantedCopies } from '../../support/static-copies.ts'

export const ISSUER = anIssuer({ revision: 9, policy: POLICY })
export const TOMBSTONE = aTombstone({ revision: 11 })
export const [DISCOVERY, SERVER, KEYS] = ['openid-configuration', 'prod', 'jwks.json']
export const SERVER_NAME = 'oidc.example.com/.well-known/oauth-authorization-server/prod'
export const KEYS_NAME = 'oidc.example.com/prod/.well-known/jwks.json'
export const ALL_WRITTEN = [
  `get ${KEYS}`,
  `get ${DISCOVERY}`,
  `put ${DISCOVERY}`,
  `get ${SERVER}`,
  `put ${SERVER}`,
  `put ${KEYS}`,
]
export const ALL_REMOVED = [`delete ${KEYS}`, `delete ${DISCOVERY}`, `delete ${SERVER}`]

/** `stored`: what the issuer is whenever it is read. */
export function updating(
  copies: TestCopies = testCopies(),
  stored: { issuer?: StoredIssuer } = {},
) {
  const logged: unknown[][] = []
  const loads: string[] = []
  const clock = { seconds: NOW }
  const deps = {
    store: copies,
    issuers: {
      load: async (id: string) => {
        loads.push(id)
        return stored.issuer && { stored: stored.issuer, etag: '' }
      },
    },
    renderer: documentRenderer(BOUNDS),
    clock: { now: () => clock.seconds },
    log: (...record: unknown[]) => void logged.push(record),
  }
  async function update(issuer: StoredIssuer): Promise<readonly string[]> {
    copies.calls.length = 0
    stored.issuer ??= issuer
    await updateCopies(deps, issuer)
    return [...copies.calls]
  }
  /** What is there, and what should be. */
  const compared = async (issuer: StoredIssuer) =>
    [Object.fromEntries(copies.all), await wantedCopies(issuer, BOUNDS, clock.seconds)] as const
  return { deps, copies, stored, loads, logged, clock, update, compared }
}

/** Its next revision. */
export const next = (members: Partial<IssuerDocument> = {}) =>
  anIssuer({ ...ISSUER, revision: ISSUER.revision + 1, ...members })
