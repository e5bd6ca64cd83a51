/**
 * The form of an exchange policy, member by member: what an editor shows, and what is refused before anything is compiled.
 *
 * Form alone: whether keys are keys and expressions compile is `compile-policy.ts`, what depends on the issuer is
 * `policy-rules.ts`. Every message says what is allowed; what was given is added in `form-problems.ts`.
 */

import * as z from 'zod/mini'
import {
  POLICY_AUDIENCES_MAX,
  POLICY_CLAIMS_MAX,
  POLICY_ENTRIES_MAX,
  SESSION_TAGS_MAX,
  TOKEN_TTL_MIN_SECONDS,
} from '../limits.ts'
import { DURATION_SETTINGS } from '../issuers/policy.ts'
import { audience, expression, expressionsByName, listOf, strictForm } from './form-parts.ts'
import { SOURCE_FORM } from './source-form.ts'

const TTL_MAX_SECONDS = DURATION_SETTINGS.tokenTtlMaxSeconds.max
const ttlMessage = `must be a whole number of seconds from ${TOKEN_TTL_MIN_SECONDS} to ${TTL_MAX_SECONDS}`

const token = strictForm(
  {
    subject: expression.check(
      z.describe(
        'CEL for sub. With more than one entry it begins with the name of the entry: entry.name + ":" + claims.sub',
      ),
    ),
    tags: z.exactOptional(
      expressionsByName(SESSION_TAGS_MAX, 'tags', 'AWS session tags: a value in CEL for each key.'),
    ),
    transitiveTags: z.exactOptional(
      listOf(z.string('must be a key of tags'), SESSION_TAGS_MAX, 'keys of tags').check(
        z.describe('Keys of tags that AWS passes on when the session assumes a further role.'),
      ),
    ),
    sourceIdentity: z.exactOptional(
      expression.check(z.describe('CEL for the source identity of the AWS session.')),
    ),
    claims: z.exactOptional(
      expressionsByName(
        POLICY_CLAIMS_MAX,
        'claims',
        'Further claims: a value in CEL for each name.',
      ),
    ),
    audiences: listOf(audience, POLICY_AUDIENCES_MAX, 'audiences').check(
      z.describe('Whom the token may be for, e.g. sts.amazonaws.com. A request names one of them.'),
    ),
    ttl: z.exactOptional(
      z
        .int(ttlMessage)
        .check(
          z.minimum(TOKEN_TTL_MIN_SECONDS, ttlMessage),
          z.maximum(TTL_MAX_SECONDS, ttlMessage),
          z.describe('Seconds. Default: 3600, or the maximum of the issuer where that is less.'),
        ),
    ),
    mayOutliveSubject: z.exactOptional(
      z
        .boolean('must be true or false')
        .check(
          z.describe('Whether the token may expire later than the subject token. Default: false.'),
        ),
    ),
  },
  'must be an object with subject and audiences',
  'What the issued token says.',
)

const entry = strictForm(
  { ...SOURCE_FORM, token },
  'must be an object with name, issuer, keys, algorithms, condition and token',
  'Whose tokens are exchanged, and what they are exchanged for.',
)

const entriesMessage = `must be a list of at most ${POLICY_ENTRIES_MAX} entries`

export const POLICY_FORM = strictForm(
  {
    entries: z
      .array(entry, entriesMessage)
      .check(
        z.maxLength(POLICY_ENTRIES_MAX, entriesMessage),
        z.describe('The key that verifies a subject token selects the entry.'),
      ),
  },
  'must be an object with entries',
  'Who may exchange which tokens for tokens of this issuer (RFC 8693).',
)
