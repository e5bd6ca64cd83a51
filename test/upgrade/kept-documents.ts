/**
 * What every version of Signet has stored, as files under `test/golden/` that never change. Also for tests inside workerd, which
 * have no files.
 *
 * Whoever changes a format leaves these as they are, adds the files of the new one, and has the tests open them too.
 */

import copy1 from '../golden/public-copy-format-1.json' with { type: 'json' }
import copy2 from '../golden/public-copy-format-2.json' with { type: 'json' }
import copy3 from '../golden/public-copy-format-3.json' with { type: 'json' }
import deletedCopy1 from '../golden/public-copy-tombstone-format-1.json' with { type: 'json' }
import deletedCopy2 from '../golden/public-copy-tombstone-format-2.json' with { type: 'json' }
import deletedCopy3 from '../golden/public-copy-tombstone-format-3.json' with { type: 'json' }
import claim1 from '../golden/stored-claim-format-1.json' with { type: 'json' }
import issuer1 from '../golden/stored-issuer-format-1.json' with { type: 'json' }
import issuer2 from '../golden/stored-issuer-format-2.json' with { type: 'json' }
import issuer3 from '../golden/stored-issuer-format-3.json' with { type: 'json' }
import policy1 from '../golden/stored-policy-format-1.json' with { type: 'json' }
import tombstone1 from '../golden/stored-tombstone-format-1.json' with { type: 'json' }
import tombstone2 from '../golden/stored-tombstone-format-2.json' with { type: 'json' }
import tombstone3 from '../golden/stored-tombstone-format-3.json' with { type: 'json' }

export const KEPT_FORMATS = [1, 2, 3] as const
export type KeptFormat = (typeof KEPT_FORMATS)[number]

/** By format, as they were stored. */
export const KEPT: Readonly<Record<string, Readonly<Partial<Record<KeptFormat, string>>>>> = {
  'stored-issuer': bodies(issuer1, issuer2, issuer3),
  'stored-tombstone': bodies(tombstone1, tombstone2, tombstone3),
  'public-copy': bodies(copy1, copy2, copy3),
  'public-copy-tombstone': bodies(deletedCopy1, deletedCopy2, deletedCopy3),
  'stored-policy': bodies(policy1),
  'stored-claim': bodies(claim1),
}

/** The id of the issuer that lives, and of the one that was deleted. */
export const [LIVING, DELETED] = ['prod', 'gone']

/** Every moment in them lies before it. */
export const KEPT_UNTIL = 1_800_000_100

/** What the installation at `publicUrl` had stored when that version ran, by key. */
export function storedBy(format: KeptFormat, publicUrl: string): Readonly<Record<string, string>> {
  return {
    [`issuers/${LIVING}`]: kept('stored-issuer', format, publicUrl),
    [`issuers/${DELETED}`]: deleted(kept('stored-tombstone', format, publicUrl)),
    [`policies/${LIVING}`]: kept('stored-policy', 1, publicUrl),
  }
}

/** The public copies of that, by key. */
export function copiedBy(format: KeptFormat, publicUrl: string): Readonly<Record<string, string>> {
  return {
    [`issuers/${LIVING}`]: kept('public-copy', format, publicUrl),
    [`issuers/${DELETED}`]: deleted(kept('public-copy-tombstone', format, publicUrl)),
  }
}

/** The kids that its JWK Set has: a revoked key and a withdrawn one have left it. */
export function publishedBy(format: KeptFormat): readonly string[] {
  const own = ['kid-a', 'kid-c']
  return format === 1 ? own : [...own, 'kid-of-cluster']
}

function kept(name: string, format: KeptFormat, publicUrl: string): string {
  const body = KEPT[name]?.[format]
  if (body === undefined) throw new TypeError(`no ${name} of format ${format} is kept`)
  return body.replaceAll('https://oidc.example.com', publicUrl)
}

/** The kept tombstone is of the same id as the kept issuer. */
function deleted(body: string): string {
  return body
    .replace(`"id":"${LIVING}"`, `"id":"${DELETED}"`)
    .replace(`/${LIVING}"`, `/${DELETED}"`)
}

/** Of format 1 and those that follow it. They were stored without spaces, in the order of their members. */
function bodies(...documents: readonly object[]): Partial<Record<KeptFormat, string>> {
  const entries = documents.map((document, index) => [index + 1, JSON.stringify(document)])
  return Object.fromEntries(entries) as Partial<Record<KeptFormat, string>>
}
