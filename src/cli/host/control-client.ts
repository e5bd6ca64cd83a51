/**
 * The CLI's side of the control API: its operations, typed.
 */

import type { CreateIssuerBody, MintBody, UpdateIssuerBody } from '../../control/schemas.ts'
import { issuerIdProblem } from '../../issuers/issuer-id.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import {
  type DeletedAnswer,
  deletedAnswer,
  type IssuerAnswer,
  issuerAnswer,
  type KeysAnswer,
  keysAnswer,
  listAnswer,
  type ListEntryAnswer,
  type MintedAnswer,
  mintedAnswer,
} from './answers.ts'
import {
  type ControlCall,
  controlTransport,
  type ControlTransportOptions,
} from './control-transport.ts'

/** Far over what an installation has; a host that lists more does not stop. */
const LISTED_ISSUERS_MAX = 100_000

export interface ControlClient {
  createIssuer(body: CreateIssuerBody): Promise<IssuerAnswer>
  listIssuers(): Promise<ListEntryAnswer[]>
  readIssuer(id: string): Promise<IssuerAnswer>
  updateIssuer(id: string, body: UpdateIssuerBody): Promise<IssuerAnswer>
  deleteIssuer(id: string, reason: string | undefined): Promise<DeletedAnswer>
  listKeys(id: string): Promise<KeysAnswer>
  mintToken(id: string, body: MintBody): Promise<MintedAnswer>
}

/** Rejects with a usage error for an id that no issuer can have, before anything is sent. */
export function controlClient(options: ControlTransportOptions): ControlClient {
  const call = controlTransport(options)
  return {
    listIssuers: () => listIssuers(call),
    createIssuer: async (body) =>
      call({ method: 'POST', path: newIssuerPath(body), body, answer: issuerAnswer }),
    readIssuer: async (id) => call({ method: 'GET', path: issuerPath(id), answer: issuerAnswer }),
    updateIssuer: async (id, body) =>
      call({ method: 'PATCH', path: issuerPath(id), body, answer: issuerAnswer }),
    deleteIssuer: async (id, reason) =>
      call({
        method: 'DELETE',
        path: issuerPath(id),
        body: reason === undefined ? {} : { reason },
        answer: deletedAnswer,
      }),
    listKeys: async (id) =>
      call({ method: 'GET', path: `${issuerPath(id)}/keys`, answer: keysAnswer }),
    mintToken: async (id, body) =>
      call({ method: 'POST', path: `${issuerPath(id)}/tokens`, body, answer: mintedAnswer }),
  }
}

/** Every page of the list. */
async function listIssuers(call: ControlCall): Promise<ListEntryAnswer[]> {
  const issuers: ListEntryAnswer[] = []
  let after = ''
  for (;;) {
    const query = after === '' ? '' : `?after=${encodeURIComponent(after)}`
    const page = await call({ method: 'GET', path: `/issuers${query}`, answer: listAnswer })
    issuers.push(...page.issuers)
    if (page.next === null) return issuers
    if (page.next <= after || issuers.length > LISTED_ISSUERS_MAX) {
      throw new CliError(EXIT.refused, 'the list of issuers does not end')
    }
    after = page.next
  }
}

function newIssuerPath({ id }: CreateIssuerBody): string {
  assertIssuerId(id)
  return '/issuers'
}

function issuerPath(id: string): string {
  assertIssuerId(id)
  return `/issuers/${id}`
}

function assertIssuerId(id: string): void {
  const problem = issuerIdProblem(id)
  if (problem !== undefined) throw usageError(problem)
}
