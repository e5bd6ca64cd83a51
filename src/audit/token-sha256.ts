/**
 * A token as audit records name it: whoever has the token finds its record, and nobody else learns of it.
 */

import { encodeBase64Url, utf8 } from '../crypto/base64url.ts'
import { sha256 as webSha256, type Sha256 } from '../crypto/digest.ts'

/** base64url(SHA-256) of its text. */
export async function tokenSha256(token: string, sha256: Sha256 = webSha256): Promise<string> {
  return encodeBase64Url(await sha256(utf8(token)))
}
