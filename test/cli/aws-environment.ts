/**
 * The environment of somebody who works with AWS, and nothing of whoever runs the tests.
 */

import { join } from 'node:path'
import type { GuardedCredentials } from './aws-guarded-host.ts'

export const REGION = 'eu-central-1'

export const CREDENTIALS = {
  accessKeyId: 'AKIAMARKEDKEYIDENTIFIER',
  secretAccessKey: 'marked-secret/+0123456789abcdefghijklmnop',
  sessionToken: 'marked-session-token//+==',
} satisfies GuardedCredentials

/** Of a home directory that may hold `.aws`; without credentials elsewhere. */
export function awsEnvironment(home: string): Readonly<Record<string, string>> {
  return {
    HOME: home,
    AWS_CONFIG_FILE: join(home, '.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws/credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: '',
    AWS_PROFILE: '',
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_SESSION_TOKEN: '',
    AWS_WEB_IDENTITY_TOKEN_FILE: '',
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: '',
  }
}

export function keyVariables({
  accessKeyId,
  secretAccessKey,
  sessionToken = '',
}: GuardedCredentials): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  }
}
