/**
 * The AWS credentials of whoever runs a command: the default chain of the AWS SDK, with an end.
 *
 * Of the chain's errors the name is shown at most: their messages may hold accounts, roles and what helpers print.
 */

import { type Deadline, endsWithin } from '../../deadline.ts'
import { CliError, usageError } from '../exit.ts'
import { note } from '../output.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** Asked for each request: what it found it keeps until that is about to expire. */
export type AwsCredentialSource = () => Promise<AwsCredentials>

/** A sign-in over the network takes a second or two; a laptop's search for an instance role ends well before. */
const LOOKUP_SECONDS_MAX = 10

/** Loaded when it is first asked, since most commands need none of it. */
export function defaultCredentialChain(): AwsCredentialSource {
  let chain: AwsCredentialSource | undefined
  return async () => {
    if (chain === undefined) {
      noteTwoSources()
      const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
      chain = defaultProvider({ logger: SILENT })
    }
    return chain()
  }
}

/** The SDK says it too, in seven lines. */
function noteTwoSources(): void {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  if (!AWS_PROFILE || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return
  note('AWS_PROFILE and AWS_ACCESS_KEY_ID are both set: the profile is used.')
}

const SILENT = { debug: silent, info: silent, warn: silent, error: silent }

function silent(): void {}

/** Rejects with a usage error where there are no credentials, where they are of no use, or at the deadline. */
export function usableCredentials(
  source: AwsCredentialSource,
  deadline: Deadline,
): AwsCredentialSource {
  return async () => {
    const found = source()
    try {
      if (!(await endsWithin(LOOKUP_SECONDS_MAX * 1000, found, deadline))) throw tooLate()
    } catch (cause) {
      throw lookupFault(cause)
    }
    const credentials = await found
    if (isSendable(credentials)) return credentials
    throw usageError(
      'the AWS credentials hold characters that no credential has: check how AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN or the profile were set',
    )
  }
}

/** Anything else `fetch` refuses as a header, and shows it. */
function isSendable({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): boolean {
  return [accessKeyId, secretAccessKey, sessionToken || 'none'].every((part) =>
    /^[\x21-\x7e]+$/.test(part),
  )
}

function tooLate(): CliError {
  return usageError(
    `AWS credentials were not found within ${LOOKUP_SECONDS_MAX} seconds: sign in (for example with "aws sso login"), set AWS_PROFILE to a profile that answers, or AWS_EC2_METADATA_DISABLED=true where there is no instance role`,
  )
}

function lookupFault(cause: unknown): CliError {
  if (cause instanceof CliError) return cause
  const { name, message } = cause instanceof Error ? cause : new Error('unknown')
  if (message === 'Could not load credentials from any providers') {
    const advice = process.env['AWS_PROFILE']
      ? 'the profile of AWS_PROFILE has none, or is not there; correct it, sign in (for example with "aws sso login")'
      : 'sign in (for example with "aws sso login"), set AWS_PROFILE to a profile that has some, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
    return usageError(
      `no AWS credentials were found: ${advice}, or give the --secret-file of an installation elsewhere`,
      { cause },
    )
  }
  if (/expired|reauthenticate|aws sso login|aws login/i.test(message)) {
    return usageError(
      'the AWS sign-in has expired, or there was none: sign in (for example with "aws sso login"), or set AWS_PROFILE to another profile',
      { cause },
    )
  }
  const shownName = /^[A-Za-z]{1,64}$/.test(name) ? name : 'unknown error'
  return usageError(
    `the AWS credentials could not be had (${shownName}): check AWS_PROFILE and the profile's settings`,
    { cause },
  )
}
