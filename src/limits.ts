/**
 * The limits of the core that are no settings, each with its unit last and its reason above. What an adapter's service
 * demands stands in the adapter.
 */

/** Clocks of hosts and relying parties may differ by this much. */
export const CLOCK_SKEW_SECONDS = 60

/** Relying parties accept a token this long after its `exp`; AWS documents five minutes. */
export const EXPIRY_LEEWAY_SECONDS = 300

/** jose keeps a JWK Set for ten minutes whatever its headers say. */
export const RELYING_PARTY_CACHE_MIN_SECONDS = 600

/** `iat` and `nbf` lie this much in the past, for relying parties whose clock is behind. */
export const TOKEN_BACKDATE_SECONDS = 5

/** AWS takes at most 100 RSA and 100 EC keys of a JWK Set; four are kept free for emergencies. */
export const PUBLISHED_KEYS_MAX = 96

/** IAM takes OIDC provider URLs of at most 255 characters, `https://` included. */
export const ISSUER_IDENTIFIER_CHARS_MAX = 255

/** A body of the control API. */
export const CONTROL_BODY_BYTES_MAX = 65_536

/** STS takes tokens of at most 20,000 characters, many proxies headers of at most 16 KiB. */
export const TOKEN_CHARS_MAX = 16_384

/** `sub` and `aud`: Entra matches at most 600 characters, IAM client ids have at most 255. */
export const SUBJECT_CHARS_MAX = 600
export const AUDIENCE_CHARS_MAX = 255

/** Why an issuer was deleted: a sentence or two. */
export const REASON_CHARS_MAX = 500

/** Deeper claims would overflow the stack of whoever reads the token. */
export const CLAIMS_DEPTH_MAX = 16

/** What a message repeats of what was given, so that it stays one. */
export const SHOWN_CHARS_MAX = 80
export const SHOWN_PROBLEMS_MAX = 5

/** Shortest token that survives clock skew and the way to its relying party. */
export const TOKEN_TTL_MIN_SECONDS = 60

/** What `mint` issues when no lifetime is asked for, unless the issuer's maximum is shorter. */
export const TOKEN_TTL_DEFAULT_SECONDS = 3600

/** One page of a list: a Worker on the free plan has 50 subrequests, and each issuer costs one. */
export const LIST_PAGE_ISSUERS_MAX = 25

/** What a client is told to wait when storage does not answer. */
export const RETRY_AFTER_SECONDS = 5
