/**
 * What the bench and its servers on Node say to each other.
 */

import type { JWK } from 'jose'
import type { SigningAlgorithm } from '../../src/crypto/algorithms.ts'
import type { AskedPost } from '../load/messages.ts'

/** What a server is started with: the path of a file with this in JSON. */
export interface ServerSettings {
  /** Keys of subject tokens, by cluster. */
  readonly jwks: Readonly<Record<string, JWK>>
  /** Those requests that Signet is asked, for the steps that are measured alone. */
  readonly posts: Readonly<Record<SigningAlgorithm, readonly AskedPost[]>>
}

/** The first message of a server. */
export interface Listening {
  readonly port: number
  /** Where every request has one and the same answer. */
  readonly barePort?: number
}

/** A piece of work, done alone so many times; its end is answered by `Done`. */
export interface WorkCommand {
  readonly work: string
  readonly count: number
}

export interface Done {
  /** Absent where all went well. */
  readonly problem?: string
}
