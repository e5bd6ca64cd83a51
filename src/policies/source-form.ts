/**
 * The form of whom a policy entry, or the control API, trusts: its name, its keys, what its tokens must be like.
 */

import * as z from 'zod/mini'
import { PUBLISHED_ALGORITHM_NAMES } from '../crypto/published-algorithms.ts'
import { isDnsLabel } from '../dns-names.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import {
  ISSUER_IDENTIFIER_CHARS_MAX,
  KEY_SET_KEYS_MAX,
  POLICY_NAME_CHARS_MAX,
  SUBJECT_AGE_DEFAULT_SECONDS,
  SUBJECT_AGE_MAX_SECONDS,
} from '../limits.ts'
import { audience, expression, listOf, strictForm, text } from './form-parts.ts'
import { isHost, isSubjectIssuer } from './subject-issuer.ts'

const keysMessage =
  'must be one of {"discovery": true}, {"jwks": {"keys": […]}} and {"adopted": true}'
const onlyTrue = z.literal(true, 'must be true: leave the entry out instead')

const jwk = z
  .custom<JsonObject>(isJsonObject, 'must be a JWK (an object with kty)')
  .check(z.meta({ type: 'object', description: 'A public key as a JWK (RFC 7517).' }))

/** In the order in which `form-problems.ts` knows them by their first member. */
const keys = z
  .union(
    [
      strictForm(
        {
          discovery: onlyTrue,
          jwksHost: z.exactOptional(
            text(
              ISSUER_IDENTIFIER_CHARS_MAX,
              'must be a host in lower case, with its port where that is not 443, such as "keys.example.com"',
              isHost,
            ).check(
              z.describe(
                'Host of its jwks_uri, where that is another than the host of the issuer.',
              ),
            ),
          ),
        },
        keysMessage,
        "Keys fetched through the issuer's discovery document, and again when it rotates.",
      ),
      strictForm(
        {
          jwks: strictForm(
            { keys: listOf(jwk, KEY_SET_KEYS_MAX, 'public keys (JWKs)') },
            'must be a JWK Set ({"keys": […]})',
            'A JWK Set, as kubectl get --raw /openid/v1/jwks prints it.',
          ),
        },
        keysMessage,
        'Keys written down here: for a cluster that this host cannot reach.',
      ),
      strictForm({ adopted: onlyTrue }, keysMessage, 'The keys that this issuer has adopted.'),
    ],
    keysMessage,
  )
  .check(z.describe('Where the keys come from that verify its tokens. The key selects the entry.'))

const algorithm = z.enum(
  PUBLISHED_ALGORITHM_NAMES as readonly [(typeof PUBLISHED_ALGORITHM_NAMES)[number]],
  `must be one of ${PUBLISHED_ALGORITHM_NAMES.join(', ')}`,
)
const ageMessage = `must be a whole number of seconds from 1 to ${SUBJECT_AGE_MAX_SECONDS}`

/** Members of a `TrustedSource`. */
export const SOURCE_FORM = {
  name: text(
    POLICY_NAME_CHARS_MAX,
    `must be a DNS label: 1 to ${POLICY_NAME_CHARS_MAX} lower-case letters, digits and inner hyphens`,
    isDnsLabel,
  ).check(
    z.describe(
      'What this source is called here: a cluster, say. Expressions read it as entry.name.',
    ),
  ),
  issuer: text(
    ISSUER_IDENTIFIER_CHARS_MAX,
    `must be an https URL of at most ${ISSUER_IDENTIFIER_CHARS_MAX} characters without query, fragment and credentials`,
    isSubjectIssuer,
  ).check(z.describe('iss of its tokens, compared byte by byte.')),
  keys,
  algorithms: listOf(algorithm, PUBLISHED_ALGORITHM_NAMES.length, 'algorithms').check(
    z.describe('The signature algorithms that are accepted, and no other.'),
  ),
  audience: z.exactOptional(
    audience.check(
      z.describe(
        'The one aud of its tokens: the identifier of this issuer, or its token endpoint. Default: either of them.',
      ),
    ),
  ),
  maxAgeSeconds: z.exactOptional(
    z
      .int(ageMessage)
      .check(
        z.minimum(1, ageMessage),
        z.maximum(SUBJECT_AGE_MAX_SECONDS, ageMessage),
        z.describe(
          `How long ago its tokens may have been issued (iat). Default: ${SUBJECT_AGE_DEFAULT_SECONDS}.`,
        ),
      ),
  ),
  condition: expression.check(
    z.describe(
      'CEL over claims, entry and request: a verified token is let in where it is true, e.g. claims.sub == "job".',
    ),
  ),
} as const
