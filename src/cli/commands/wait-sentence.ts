/**
 * Why something that is due does not happen, in a sentence.
 */

import type { ObservationProblem } from '../../publication/observation.ts'
import type { WaitAnswer } from '../host/rotation-answers.ts'
import { formatMoment } from '../moments.ts'

const PROBLEMS: Readonly<Record<ObservationProblem, string>> = {
  unreachable: 'they cannot be reached from there',
  timed_out: 'they took too long',
  redirected: 'they answer with a redirect',
  bad_status: 'they answer with another status than 200',
  too_large: 'they are too large',
  not_a_discovery_document: 'what answers has no discovery document',
  wrong_issuer: "the discovery document is another issuer's",
  wrong_jwks_uri: 'the discovery document leads elsewhere for the keys',
  not_a_jwk_set: 'what answers has no JWK Set',
  no_ring_version: 'the JWK Set comes without the header Signet-Ring-Version',
}

/** Where to look from elsewhere may help; the others would be the same there. */
const OF_THE_WAY: readonly string[] = [
  'unreachable',
  'timed_out',
] satisfies readonly ObservationProblem[]

/** `id`: of the issuer, for the command that helps. */
export function waitSentence(wait: WaitAnswer, id: string, now: number): string {
  switch (wait.reason) {
    case 'successor_not_seen':
      return `the public documents do not show ${wait.kid}, published ${formatMoment(wait.publishedAt, now)}, so it does not sign yet`
    case 'successor_seen_once':
      return `the public documents have shown ${wait.kid} once, and count again from ${formatMoment(wait.until, now)}`
    case 'successor_not_verified':
      return `${wait.kid} could not prove itself by a signature that its published key verifies: the log of the host says why`
    case 'policy_not_seen':
      return `the public documents do not show the policy of revision ${wait.revision} yet, so longer old values stay in force`
    case 'not_observed':
      return notObservedSentence(wait, id)
    case 'key_being_made':
      return `another run is making a key, and has until ${formatMoment(wait.until, now)}`
    case 'too_many_leftovers':
      return `${wait.count} times a key was begun of which nobody knows whether it was made, so none is begun now; a sweep clears them (signet keys sweep ${id}): see why its place fails`
    case 'key_set_full':
      return `the JWK Set has as many ${wait.keyType} keys as relying parties read, so none is made until one leaves it`
    case 'other':
      return wait.name
  }
}

/** The message of a host says what to do itself. */
function notObservedSentence(
  { problem, message }: Extract<WaitAnswer, { readonly reason: 'not_observed' }>,
  id: string,
): string {
  const failed = 'the host could not look at its public documents'
  const what =
    message === undefined ? `${failed} (${problemText(problem)})` : `${failed}: ${message}`
  if (!OF_THE_WAY.includes(problem)) return what
  return `${what}; where the host alone cannot read them, have a job elsewhere run "signet keys confirm ${id}"`
}

function problemText(problem: string): string {
  const known: Readonly<Record<string, string>> = PROBLEMS
  return known[problem] ?? problem
}
