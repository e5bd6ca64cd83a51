/**
 * Session tags and source identity as claims of a token (IAM User Guide, "Pass session tags in STS").
 *
 * The form that AWS reads. Ceph reads the tags as a list of one such object, which AWS does not: it is not made here.
 */

export const SESSION_TAGS_CLAIM = 'https://aws.amazon.com/tags'
export const SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity'

/** The claims that only `tags` and `sourceIdentity` of a policy set. */
export const AWS_CLAIMS: readonly string[] = [SESSION_TAGS_CLAIM, SOURCE_IDENTITY_CLAIM]

export type SessionTag = readonly [key: string, value: string]

/** Value of the claim; `undefined` without tags. */
export function sessionTags(
  tags: readonly SessionTag[],
  transitiveKeys: readonly string[],
): object | undefined {
  if (tags.length === 0) return undefined
  return {
    principal_tags: Object.fromEntries(tags.map(([key, value]) => [key, [value]])),
    ...(transitiveKeys.length === 0 ? {} : { transitive_tag_keys: transitiveKeys }),
  }
}
