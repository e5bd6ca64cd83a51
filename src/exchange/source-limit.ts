/**
 * The port to whatever bounds how often one source may ask, where a host has it.
 */

export interface SourceLimit {
  /** Whether the sender of the request may ask once more. Never rejects: a limit that does not answer lets through. */
  admits(request: Request): Promise<boolean>
}
