/**
 * The fakes with IAM before them: a call that its caller may not make is answered as AWS answers it, and not done.
 */

import { isJsonObject, parseJson } from '../../../src/json.ts'
import type { FakeAnswer, Guard } from './fake-service.ts'
import type { IamPolicy, ResourcePolicy } from './iam-policy.ts'
import { invokeCall, type KeyFacts, kmsCalls, listBucketCall, s3Calls } from './iam-requests.ts'
import type { IamWorld } from './iam-world.ts'

/** By bucket. One that is not here has no policy. */
export type BucketPolicies = Readonly<Record<string, IamPolicy>>

export function s3Guard(world: IamWorld, policies: BucketPolicies): Guard {
  return async (operation, request, perform) => {
    const caller = world.callerOf(request.headers['authorization'])
    const [, bucket = ''] = (request.target.split('?')[0] ?? '').split('/')
    const its = bucketPolicy(policies[bucket])
    const calls = s3Calls(operation, request)
    if (!calls.every((call) => world.may(caller, call, its))) return deniedByS3()
    const answer = await perform()
    // S3 API reference, GetObject: without s3:ListBucket, what is missing is 403.
    const isMissing = answer.status === 404 && operation !== 'ListObjectsV2'
    if (isMissing && !world.may(caller, listBucketCall(request), its)) return deniedByS3()
    return answer
  }
}

function bucketPolicy(policy: IamPolicy | undefined): ResourcePolicy {
  return { policies: policy === undefined ? [] : [policy], needed: false }
}

export interface KmsGuardOptions {
  /** What KMS has of a key, by its ARN or id; its policy is JSON. */
  readonly keyNamed: (
    name: string,
  ) => (KeyFacts & { readonly policy: string | undefined }) | undefined
  /** Such as `arn:aws:kms:eu-central-1:111122223333`. */
  readonly account: string
}

export function kmsGuard(world: IamWorld, { keyNamed, account }: KmsGuardOptions): Guard {
  return async (operation, request, perform) => {
    const caller = world.callerOf(request.headers['authorization'])
    const input = parseJson(request.body.toString())
    if (!isJsonObject(input)) return perform()
    const { KeyId: name } = input
    const key = typeof name === 'string' ? keyNamed(name) : undefined
    const its = key === undefined ? undefined : keyPolicy(key.policy)
    const calls = kmsCalls(operation, input, { key, account })
    return calls.every((call) => world.may(caller, call, its)) ? perform() : deniedByKms(operation)
  }
}

/** KMS developer guide, "Default key policy": a key that was given none leaves everything to the account. */
function keyPolicy(policy: string | undefined): ResourcePolicy | undefined {
  if (policy === undefined) return undefined
  return { policies: [JSON.parse(policy) as IamPolicy], needed: true }
}

/** `arnOf`: of the function that a request names by name or ARN. */
export function lambdaGuard(world: IamWorld, arnOf: (name: string) => string): Guard {
  return async (operation, request, perform) => {
    if (operation !== 'Invoke') return perform()
    const name = decodeURIComponent(/\/functions\/([^/?]+)\//.exec(request.target)?.[1] ?? '')
    const caller = world.callerOf(request.headers['authorization'])
    return world.may(caller, invokeCall(arnOf(name))) ? perform() : deniedByLambda()
  }
}

const SAID =
  'User: arn:aws:sts::999988887777:assumed-role/marked is not authorized to perform: this'

function deniedByS3(): FakeAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${SAID}</Message></Error>`
  return { status: 403, headers: { 'content-type': 'application/xml' }, body }
}

function deniedByKms(operation: string): FakeAnswer {
  const body = JSON.stringify({
    __type: 'AccessDeniedException',
    message: `${SAID}: kms:${operation}`,
  })
  return { status: 400, headers: { 'content-type': 'application/x-amz-json-1.1' }, body }
}

function deniedByLambda(): FakeAnswer {
  const headers = {
    'content-type': 'application/json',
    'x-amzn-errortype': 'AccessDeniedException',
  }
  return { status: 403, headers, body: JSON.stringify({ Message: SAID }) }
}
