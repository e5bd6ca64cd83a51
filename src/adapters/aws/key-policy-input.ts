/**
 * How a key is asked for that has a policy of its own.
 */

/**
 * KMS refuses a policy that whoever asks could not change afterwards (KMS API reference, `CreateKey`), unless told that this
 * is meant: whoever makes keys here is given no `kms:PutKeyPolicy`, with which it could let anyone sign. Nobody is locked
 * out, since these policies leave their changing to the account's administrators.
 */
export function keyPolicyInput(policy: string | undefined): {
  readonly Policy?: string
  readonly BypassPolicyLockoutSafetyCheck?: true
} {
  return policy === undefined ? {} : { Policy: policy, BypassPolicyLockoutSafetyCheck: true }
}
