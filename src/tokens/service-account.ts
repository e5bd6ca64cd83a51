/**
 * Kubernetes service accounts as tokens name them: the subject and the `kubernetes.io` claim (KEP-4193).
 */

export interface ServiceAccount {
  readonly namespace: string
  readonly name: string
  /** The object's UID, where it is known. */
  readonly uid?: string
}

export function serviceAccountSubject({ namespace, name }: ServiceAccount): string {
  return `system:serviceaccount:${namespace}:${name}`
}

export function serviceAccountClaim({ namespace, name, uid }: ServiceAccount): object {
  return { namespace, serviceaccount: uid === undefined ? { name } : { name, uid } }
}
