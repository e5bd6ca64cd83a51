/**
 * Where a deployment is, as its permissions name it.
 */

/** Texts, or what a tool puts in their place until it knows them. */
export interface Place {
  /** Such as `aws`. */
  readonly partition: string
  readonly region: string
  readonly account: string
  /** The setting `DEPLOYMENT`: the value of a tag of each key, and the prefix of each document. */
  readonly deployment: string
}

/** Every KMS key of the account in this region, other people's among them: only conditions tell them apart. */
export function everyKey({ partition, region, account }: Place): string {
  return `arn:${partition}:kms:${region}:${account}:key/*`
}
