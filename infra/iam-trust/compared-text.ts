/**
 * A text that IAM compares with what a token says: whole, and nothing in it means more than itself.
 */

import { Token } from 'aws-cdk-lib'
import { isPrintable, shown } from '../../src/printable.ts'

/** What is wrong with it, or `undefined`. */
export function comparedProblem(name: string, text: string, charsMax: number): string | undefined {
  const unknown = unknownProblem(name, text)
  if (unknown !== undefined) return unknown
  if (text === '' || text.length > charsMax) {
    return `${name} must have 1 to ${charsMax} characters, got ${text.length}: give it as it stands in the token`
  }
  if (text.trim() !== text || !isPrintable(text)) {
    return `${name} must be printable and have no space at its ends, got ${shown(text)}: remove it`
  }
  // A policy variable, which IAM would replace by something of the caller.
  if (/[*?]|\$\{/.test(text)) {
    return `${name} must have no *, ? or \${ in it, got ${shown(text)}: a trust is in one name and no pattern, so name each`
  }
  return undefined
}

/** Of a text that only CloudFormation will know, or that stands for a list of such. */
export function unknownProblem(name: string, text: string): string | undefined {
  if (!Token.isUnresolved(text) && !Token.isUnresolved([text])) return undefined
  return `${name} must be known when the app is synthesized, got a value of CloudFormation: write it out, so that it can be checked`
}
