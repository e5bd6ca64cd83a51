/**
 * An emulator of AWS KMS beside the local Worker, so that its custodies can be tried without an account.
 */

import { KmsError } from '../../adapters/aws/kms-api.ts'
import { answeredError } from '../../adapters/aws/kms-errors.ts'
import { signedPost } from '../../adapters/aws/signed-post.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../json.ts'
import { failureReason, stringMember } from '../bounded-response.ts'
import { CliError, EXIT, usageError } from '../exit.ts'
import { note } from '../output.ts'
import { isWrappingKey, type LocalKms } from '../state/local-kms.ts'

/** What was asked for; the rest stays as it was. */
export interface KmsRequest {
  readonly custody: LocalKms['custody'] | undefined
  readonly endpoint: string | undefined
}

/** Emulators look at the region and the service that a call is signed for, and at nothing else of it. */
const REGION = 'eu-central-1'
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' }
/** Nobody's: an emulator keeps key policies and does not apply them. */
const NO_ACCOUNT_SIGNER = 'arn:aws:iam::000000000000:user/local'
const TIMEOUT_MS = 5000
const ANSWER_BYTES_MAX = 65_536

const post = signedPost({
  service: 'kms',
  region: REGION,
  credentials: CREDENTIALS,
  answerBytesMax: ANSWER_BYTES_MAX,
})

/**
 * The KMS that was asked for, or else `known`, that of the last start; `undefined` where there never was one. Its wrapping
 * key is another one than that of `known` where the KMS has it no more.
 */
export async function openLocalKms(
  known: LocalKms | undefined,
  asked: KmsRequest,
): Promise<LocalKms | undefined> {
  const endpoint = asked.endpoint ?? known?.endpoint
  const custody = asked.custody ?? known?.custody
  if (endpoint === undefined && custody === undefined) return undefined
  if (endpoint === undefined || custody === undefined) {
    throw usageError(
      `--custody and --kms-endpoint go together until a state directory has a KMS, got ${custody === undefined ? '--kms-endpoint' : '--custody'} alone: give both`,
    )
  }
  if (known !== undefined && known.endpoint !== endpoint) {
    throw usageError(
      `the keys of this state directory are in the KMS at ${known.endpoint}, and a key's place never changes, got --kms-endpoint ${endpoint}: give the one that it had, or another --state`,
    )
  }
  try {
    const wrappingKey = await openWrappingKey(endpoint, known?.wrappingKey)
    return { version: 1, endpoint, custody, wrappingKey }
  } catch (cause) {
    const reason = cause instanceof KmsError ? cause.awsName : failureReason(cause)
    const otherwise = known === undefined ? 'correct --kms-endpoint' : 'give another --state'
    throw new CliError(
      EXIT.unreachable,
      `no usable KMS answers at ${endpoint} (${reason}): start one there, for example with "${emulatorCommand(endpoint)}", or ${otherwise}`,
      { cause },
    )
  }
}

/** What the Worker is told of it. */
export function kmsBindings({ endpoint, custody, wrappingKey }: LocalKms): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    KMS_ENDPOINT: endpoint,
    KMS_SIGNERS: NO_ACCOUNT_SIGNER,
    KMS_WRAPPING_KEY: wrappingKey,
    DEFAULT_CUSTODY: custody,
  }
}

/** `known`: the one of the last start. */
async function openWrappingKey(endpoint: string, known: string | undefined): Promise<string> {
  if (known !== undefined) {
    if (await isThere(endpoint, known)) return known
    note(
      `The KMS at ${endpoint} does not have the keys of this state directory any more: issuers whose keys were there can sign no more.`,
    )
  }
  const answer = await callKms(endpoint, 'CreateKey', {})
  const arn = stringMember(answer['KeyMetadata'], 'Arn')
  if (arn !== undefined && isWrappingKey(arn)) return arn
  throw new KmsError('unavailable', 'its keys have no ARN')
}

async function isThere(endpoint: string, keyId: string): Promise<boolean> {
  try {
    await callKms(endpoint, 'DescribeKey', { KeyId: keyId })
    return true
  } catch (error) {
    if (error instanceof KmsError && error.code === 'not_found') return false
    throw error
  }
}

/** Rejects with a `KmsError`, or with what `fetch` throws. */
async function callKms(endpoint: string, operation: string, input: object): Promise<JsonObject> {
  const { status, headers, text } = await post({
    url: `${endpoint}/`,
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `TrentService.${operation}`,
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const answer = parseJson(text ?? '')
  if (status !== 200) {
    throw answeredError(headers.get('x-amzn-errortype') ?? stringMember(answer, '__type'), status)
  }
  if (isJsonObject(answer)) return answer
  throw new KmsError('unavailable', 'it does not answer with JSON')
}

const HTTP_PORT = '80'

/** What starts one there that comes with Signet. */
export function emulatorCommand(endpoint: string): string {
  return `npm run fake:kms -- --port ${new URL(endpoint).port || HTTP_PORT}`
}
