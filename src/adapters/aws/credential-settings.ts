/**
 * Credentials of AWS from settings, under the names that AWS gives them.
 */

import { textOf } from '../../config/setting.ts'
import type { AwsCredentials } from './signed-post.ts'

/** Unchecked settings, by name. */
export interface CredentialSettings {
  readonly AWS_ACCESS_KEY_ID?: unknown
  readonly AWS_SECRET_ACCESS_KEY?: unknown
  readonly AWS_SESSION_TOKEN?: unknown
}

/** Empty where they are not set. */
export function credentialsOf(settings: CredentialSettings): AwsCredentials {
  const sessionToken = textOf(settings.AWS_SESSION_TOKEN)
  return {
    accessKeyId: textOf(settings.AWS_ACCESS_KEY_ID),
    secretAccessKey: textOf(settings.AWS_SECRET_ACCESS_KEY),
    ...(sessionToken === '' ? {} : { sessionToken }),
  }
}
