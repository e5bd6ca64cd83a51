/**
 * The port through which a request to the control API gets its credential.
 */

export interface UnauthorizedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** An answer that is not in Signet's own words. */
export interface ForeignAnswer {
  readonly method: string
  readonly status: number
  /** `undefined` where there is none that can be read. */
  readonly json: unknown
}

export interface RequestAuthorizer {
  /** Resolves to all headers to send. Rejects with `CliError` where there is no credential. */
  authorize(request: UnauthorizedRequest): Promise<Headers>
  /** A sentence of our own for an answer of whatever checks the credential, or `undefined` for any other answer. */
  refusal(answer: ForeignAnswer): string | undefined
  /** What to look at where something else than Signet answers. */
  readonly whatToCheck: string
}
