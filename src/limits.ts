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

/**
 * The longest `s-maxage`: a CDN asks again after a minute, so that what leaves a JWK Set in an emergency leaves the CDN too.
 * The policy's `max-age` is for relying parties.
 */
export const SHARED_MAX_AGE_SECONDS = 60

/** For how long a cache may hand out an expired document while its origins fail; left unsaid, some do so without end. */
export const STALE_IF_ERROR_SECONDS = 600

/** `iat` and `nbf` lie this much in the past, for relying parties whose clock is behind. */
export const TOKEN_BACKDATE_SECONDS = 5

/** AWS takes at most 100 RSA and 100 EC keys of a JWK Set; four are kept free for emergencies. */
export const PUBLISHED_KEYS_MAX = 96

/** IAM takes OIDC provider URLs of at most 255 characters, `https://` included. */
export const ISSUER_IDENTIFIER_CHARS_MAX = 255

/** A body of the control API: 96 keys of RSA-4096, and certificates beside some of them. */
export const CONTROL_BODY_BYTES_MAX = 262_144

/** RSA below 2048 bits is weak (NIST SP 800-131A); above 8192 no verifier of the field is known to take it. */
export const ADOPTED_RSA_BITS_MIN = 2048
export const ADOPTED_RSA_BITS_MAX = 8192

/** Kubernetes takes kids of at most 1,024 bytes, and no cluster has one nearly as long. */
export const KID_CHARS_MAX = 255

/** Adopted keys that left a ring are remembered; a document may have 2 MB. A new set every day fills this in ten years. */
export const FORMER_KEYS_MAX = 4000

/** Of them keys of our own that were not revoked: a key every week fills this in nineteen years, and then the oldest go. */
export const FORMER_OWN_KEYS_MAX = 1000

/** How long an adopted key that is no longer in its cluster's set stays published: as long as AWS takes tokens to live. */
export const WITHDRAWN_RETENTION_DEFAULT_SECONDS = 86_400
/** Kubernetes extends tokens to a year at most. */
export const WITHDRAWN_RETENTION_MAX_SECONDS = 31_536_000

/** A copy in memory is read anew after this long: relying parties cache for minutes, so half of one does not matter to them. */
export const MEMORY_COPY_SECONDS = 30

/** For how long a document is served that storage no longer confirms: every successor waits for as long before it signs. */
export const LAST_GOOD_SECONDS = 3600

/** Storage that takes longer is given up for now: where there is a last good document, and within the 5 s of STS where not. */
export const SLOW_STORAGE_MS = 1000
export const STORAGE_WAIT_MS = 4000

/** Copies in memory, an issuer and each of its keys counting one: some 40 MB of the 128 MB that a Worker has. */
export const MEMORY_COPIES_MAX = 25_000

/** Locations without an issuer, remembered so that a host which is asked under a foreign name does not ask storage each time. */
export const VACANT_LOCATIONS_MAX = 10_000

/** URLs of documents that are remembered with what they lead to: the short way to a document in memory. */
export const KNOWN_URLS_MAX = 25_000
export const KNOWN_URL_CHARS_MAX = 400

/** A creation that has not ended after this long has failed, and its URL is free again. */
export const UNFINISHED_CLAIM_SECONDS = 600

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

/** Opened keys in memory: some 3 KB each, and an instance signs for few issuers at a time. */
export const SIGNERS_MAX = 1000

/** For how long somebody else's opening of a key is waited for before it is opened once more. */
export const OTHERS_OPENING_MS = 1000

/** How often a ring is brought up to date when others change it at the same moment. */
export const ROTATION_ATTEMPTS_MAX = 5

/** A host signs by a copy of the ring that is at most this old. */
export const SIGNER_STALENESS_SECONDS = 10

/** For this long before its first signature a successor is tried at each run: a key that is gone must not take over. */
export const LAST_PROOFS_SECONDS = 86_400

/** From the decision on a document to its write: longer, and it is decided anew. */
export const DECISION_SECONDS_MAX = 30

/** Of a hand-over that is written or moved: until every host has heard of it, by its own clock. */
export const HAND_OVER_NOTICE_SECONDS =
  SIGNER_STALENESS_SECONDS + 2 * CLOCK_SKEW_SECONDS + DECISION_SECONDS_MAX

/** Longer than any run lives on either host (15 min): then whoever reserved a key's place does not come back. */
export const RESERVATION_SECONDS = 1200

/** Rotation runs every quarter of an hour: what it has not done after this long it does not do. */
export const ROTATION_GRACE_SECONDS = 3600

/** Keys of which nobody knows whether they were made: more come of a service that is broken, which more would not mend. */
export const UNKNOWN_LEFTOVERS_MAX = 10
/** So long after the last of them an issuer for which no key signs tries once more all the same. */
export const UNKNOWN_LEFTOVERS_PAUSE_SECONDS = 3600

/** What a ring has forgotten stays where it is kept for this long, before a sweep has it deleted. */
export const SWEEP_AFTER_SECONDS = 86_400

/** From the order to delete a key to its deletion, as AWS KMS has it: by default the longest, since it can be taken back so long. */
export const DELETION_WINDOW_DAYS = { default: 30, min: 7, max: 30 } as const

/** Both public documents as a rotation job reads them: STS gives up after as long. */
export const OBSERVATION_MS_MAX = 5000
/** Of each of them: as many keys as AWS takes, all of RSA-4096, have some 165 kB. */
export const OBSERVED_BYTES_MAX = 262_144

/** Of a request for a token: the longest subject token, and what stands beside it. */
export const EXCHANGE_BODY_BYTES_MAX = 65_536

/** Both public documents of a subject issuer, and each of them, as those of our own are observed. */
export const SUBJECT_ISSUER_MS_MAX = 5000

/** Kubelets replace a projected token once it is a day old; an hour more for one that does so late. */
export const SUBJECT_AGE_DEFAULT_SECONDS = 90_000
export const SUBJECT_AGE_MAX_SECONDS = 604_800

/**
 * Of header and claims of a subject token, lists and objects within each other; claims have 3 or 4. CEL keeps a type for every
 * shape that it has seen, and there are 2 to the power of the depth.
 */
export const SUBJECT_DEPTH_MAX = 8

/** Of the claims of a subject token, before an expression reads them: `in` under a macro is quadratic. */
export const SUBJECT_LIST_ITEMS_MAX = 100
export const SUBJECT_STRING_CHARS_MAX = 4096

/** Remote key sets: kept as long as their sender says, within these bounds; half of the tokens must not wait for a fetch. */
export const KEY_SET_MAX_AGE_SECONDS = { default: 600, min: 60, max: 3600 } as const
/** An unknown `kid` has the set fetched anew, at most so often; a set that cannot be fetched is tried again after as long. */
export const KEY_SET_COOLDOWN_SECONDS = 30
/** For how long beyond its age a set is used that cannot be fetched anew. */
export const KEY_SET_STALE_SECONDS = 3600
export const KEY_SET_KEYS_MAX = 100
/** Of them so many of one `kid`, since each is tried for a token: of RSA-8192 keys each costs a millisecond. */
export const KEYS_PER_KID_MAX = 4
/** Keys of remote sets in memory, a set counting one more: some 2 KB each, and most sets have 2. */
export const REMOTE_KEYS_MAX = 5000
/** Remote sets of which it is known when they were asked for and what came of it, also once their keys made room for others. */
export const REMOTE_SETS_MAX = 10_000
/** A set whose keys made room for others is fetched anew, at most so often. */
export const KEY_SET_REFETCH_SECONDS = 5

/** Entries of an exchange policy: a fleet's clusters, and room. */
export const POLICY_ENTRIES_MAX = 200
export const POLICY_NAME_CHARS_MAX = 63
export const POLICY_AUDIENCES_MAX = 50
/** Further claims that an entry sets. */
export const POLICY_CLAIMS_MAX = 50

/** CEL expressions: what the longest of the ready-made ones needs, several times over. */
export const EXPRESSION_CHARS_MAX = 4096
export const EXPRESSION_NODES_MAX = 250
export const EXPRESSION_DEPTH_MAX = 16
export const EXPRESSION_ITEMS_MAX = 100

/** Session tags (IAM User Guide, "Pass session tags in STS"). */
export const SESSION_TAGS_MAX = 50
export const SESSION_TAG_KEY_CHARS_MAX = 128
export const SESSION_TAG_VALUE_CHARS_MAX = 256
export const SOURCE_IDENTITY_CHARS = { min: 2, max: 64 } as const

/** Google takes a `google.subject` of at most 127 bytes. */
export const GOOGLE_SUBJECT_BYTES_MAX = 127
