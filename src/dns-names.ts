/**
 * Names as DNS has them, in lower case: what Kubernetes names its objects by, and what an issuer is called.
 */

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** As Kubernetes checks it: the length of the whole is bounded, not that of a label. */
const DNS_SUBDOMAIN =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/

/** RFC 1123 §2.1: 1 to 63 letters, digits and inner hyphens. */
export function isDnsLabel(text: string): boolean {
  return DNS_LABEL.test(text)
}

export function isDnsSubdomain(text: string): boolean {
  return DNS_SUBDOMAIN.test(text)
}
