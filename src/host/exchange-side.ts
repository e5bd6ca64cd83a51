/**
 * The token endpoint over what it works with: everything that a host has beside its public documents to issue tokens for
 * subject tokens.
 */

import type { Clock } from '../clock.ts'
import type { HostConfig } from '../config/host-config.ts'
import { ownUrls } from '../config/own-urls.ts'
import type { Sha256 } from '../crypto/digest.ts'
import type { Deadline } from '../deadline.ts'
import type { SourceLimit } from '../exchange/source-limit.ts'
import { foreignAnswers } from '../http/local-only.ts'
import { tokenEndpoint } from '../http/token-endpoint.ts'
import type { TokenRoute } from '../http/token-route.ts'
import type { Log } from '../log.ts'
import type { ExchangeCopies } from '../reading/exchange-copies.ts'
import { exchangeCopies } from '../reading/stored-exchange-copies.ts'
import type { KeyManagers } from '../signers/key-managers.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { remoteKeySets } from '../subject-tokens/remote-key-sets.ts'
import type { SubjectVerifier } from '../subject-tokens/subject-verification.ts'
import { subjectVerifier } from '../subject-tokens/verify-subject-token.ts'

/** What differs from runtime to runtime. */
export interface ExchangePorts {
  readonly documents: Pick<DocumentStore, 'get'>
  readonly keyManagers: KeyManagers
  /** Reads the key sets of subject issuers. Default: that of the runtime. */
  readonly fetch?: typeof fetch | undefined
  /** Default: whoever asks is admitted. */
  readonly sourceLimit?: SourceLimit | undefined
  /** Default: WebCrypto's. */
  readonly sha256?: Sha256 | undefined
}

export interface ExchangeSideOptions extends ExchangePorts {
  readonly config: HostConfig
  readonly log: Log
  readonly clock: Clock
  readonly deadline: Deadline
}

export interface ExchangeSide {
  readonly tokens: TokenRoute
  readonly copies: ExchangeCopies
  /** Also of tokens for control: it keeps the keys that it has fetched and imported. */
  readonly verifier: SubjectVerifier
}

export function exchangeSide(options: ExchangeSideOptions): ExchangeSide {
  const { config, documents, keyManagers, sourceLimit, sha256, log, clock, deadline } = options
  // Called as a function of the runtime, which some runtimes insist on.
  const { fetch = (...request) => globalThis.fetch(...request) } = options
  const { localHosts } = config
  const copies = exchangeCopies({ documents, clock, deadline })
  const allowLoopback = localHosts !== undefined
  const remote = remoteKeySets({ fetch, clock, deadline, log, allowLoopback })
  const verifier = subjectVerifier({ remote })
  const endpoint = tokenEndpoint({
    copies,
    verifier,
    keyManagers,
    isOwnUrl: ownUrls(config),
    sourceLimit,
    sha256,
    clock,
    log,
  })
  const answerForeign = localHosts === undefined ? undefined : foreignAnswers(localHosts)
  return { tokens: { endpoint, answerForeign }, copies, verifier }
}
