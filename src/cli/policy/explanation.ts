/**
 * What a policy makes of a token, and why: entry by entry, question by question.
 */

/** `unknown`: cannot be said with what was given. */
export type Answer = 'yes' | 'no' | 'unknown'

export interface Explanation {
  /** The one entry that is known to take the token. */
  readonly accepted: string | undefined
  /** Whether it does; `unknown` where it would if what is not known were so. */
  readonly accepts: Answer
  /** One sentence, without its end. */
  readonly verdict: string
  /** None where the token is refused for what it is by itself. */
  readonly entries: readonly EntryExplanation[]
}

export interface EntryExplanation {
  readonly entry: string
  readonly accepts: Answer
  /** Of another issuer's entry the first one alone. */
  readonly checks: readonly Check[]
  /** One for each audience that was asked for, where nothing else refuses the token. */
  readonly tokens: readonly WouldBeToken[]
}

export interface Check {
  readonly what: CheckName
  readonly answer: Answer
  readonly detail: string
}

export type CheckName =
  | 'issuer'
  | 'algorithm'
  | 'key'
  | 'type'
  | 'audience'
  | 'times'
  | 'age'
  | 'condition'

/** What a token for one audience would say, or why there is none. */
export type WouldBeToken =
  | {
      readonly audience: string
      /** Without `jti`, and without `iss` where that is not known; `exp` is the latest that it can be. */
      readonly claims: Readonly<Record<string, unknown>>
    }
  | { readonly audience: string; readonly reason: string; readonly detail: string }
