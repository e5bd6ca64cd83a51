/**
 * What a document remembers of earlier policies, until nobody goes by them any more.
 */

export interface PolicySettling {
  /** The first revision with the present policy. */
  readonly revision: number
  /** The largest values that somebody may still go by. */
  readonly jwksMaxAgeSeconds: number
  readonly tokenTtlMaxSeconds: number
  /** The longest lifetime that is minted until the present policy was seen. */
  readonly mintedTtlMaxSeconds: number
  /** When the public documents first showed that revision; unset while they have not. */
  readonly seenAt?: number
}
