/**
 * An exchange policy ready to decide: keys read, expressions compiled. Made by `compile-policy.ts`, once a policy.
 */

import type { VerificationSource } from '../subject-tokens/verification-source.ts'
import type { CompiledExpression } from './expression.ts'

export interface CompiledPolicy {
  readonly entries: readonly CompiledEntry[]
}

export interface CompiledSource extends VerificationSource {
  readonly condition: CompiledExpression
}

export interface CompiledEntry extends CompiledSource {
  readonly token: CompiledTemplate
}

export interface CompiledTemplate {
  readonly subject: CompiledExpression
  readonly tags: readonly (readonly [key: string, value: CompiledExpression])[]
  readonly transitiveTags: readonly string[]
  readonly sourceIdentity: CompiledExpression | undefined
  readonly claims: readonly (readonly [name: string, value: CompiledExpression])[]
  readonly audiences: readonly string[]
  readonly ttl: number | undefined
  readonly mayOutliveSubject: boolean
}
