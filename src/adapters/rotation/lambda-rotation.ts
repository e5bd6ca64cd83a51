/**
 * Rotation by a Lambda function of its own, the only one whose role may make, disable and destroy keys. It is invoked and
 * waited for.
 */

import { type Deadline, endsWithin, timerDeadline } from '../../deadline.ts'
import { errorName, Fault } from '../../errors.ts'
import type { Rotation } from '../../keyring/rotation.ts'
import { type InvokeFunction, LambdaError } from '../aws/lambda-calls.ts'
import { parseRotationAnswer, rotationQuestion } from './rotation-messages.ts'

export interface LambdaRotationOptions {
  readonly invoke: InvokeFunction
  /** Name or ARN. */
  readonly functionName: string
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

/**
 * API Gateway gives up after 30 s, and whoever calls the control API must hear of it before: four calls of S3 may have taken
 * 4 s each. A rotation that takes longer goes on.
 */
export const ROTATION_MS_MAX = 10_000

export function lambdaRotation({
  invoke,
  functionName,
  deadline = timerDeadline,
}: LambdaRotationOptions): Rotation {
  async function invokeInTime(issuerId: string): Promise<string> {
    const aborting = new AbortController()
    const invoked = invoke(functionName, rotationQuestion(issuerId), aborting.signal)
    if (await endsWithin(ROTATION_MS_MAX, invoked, deadline)) return invoked
    aborting.abort()
    throw new DOMException('no answer in time', 'TimeoutError')
  }

  async function answerTo(issuerId: string) {
    try {
      return parseRotationAnswer(await invokeInTime(issuerId))
    } catch (error) {
      const name = error instanceof LambdaError ? error.awsName : errorName(error)
      throw unavailable(issuerId, `AWS Lambda was asked, which ended in ${name}`)
    }
  }

  return {
    // This function may not make keys.
    prepare: async (document) => document,
    run: async (issuerId) => {
      const answer = await answerTo(issuerId)
      if (answer === undefined) throw unavailable(issuerId, 'the function gave no answer of ours')
      if (answer.status === 'done') return
      throw new Fault(
        answer.code,
        `the rotation of issuer ${issuerId} failed: see the log of the function that rotates`,
      )
    },
  }
}

function unavailable(issuerId: string, why: string): Fault {
  return new Fault('rotation_unavailable', `the rotation of issuer ${issuerId} failed: ${why}`)
}
