/**
 * Rotation by a Lambda function of its own, the only one whose role may make, disable and destroy keys. It is invoked and
 * waited for.
 */

import { type Deadline, endsWithin, timerDeadline } from '../../deadline.ts'
import { errorName, Fault } from '../../errors.ts'
import type { Rotation } from '../../keyring/rotation.ts'
import { type InvokeFunction, LambdaError } from '../aws/lambda-calls.ts'
import {
  type Answer,
  parsePublishAnswer,
  parseRotationAnswer,
  parseSweepAnswer,
  publishQuestion,
  rotationQuestion,
  sweepQuestion,
} from './rotation-messages.ts'

export interface LambdaRotationOptions {
  readonly invoke: InvokeFunction
  /** Name or ARN. */
  readonly functionName: string
  /** Default: on the runtime's clock. */
  readonly deadline?: Deadline
}

/**
 * API Gateway gives up after 30 s, and whoever calls the control API must hear of it before: four calls of S3 may have taken
 * 4 s each. What takes longer goes on.
 */
export const ROTATION_MS_MAX = 10_000

const NO_ANSWER = 'the function gave no answer of ours'

/** What is asked of the function, and how its answer is read. */
interface Asked<Read> {
  readonly what: 'rotation' | 'sweep' | 'publication'
  readonly issuerId: string
  readonly question: string
  readonly parse: (text: string) => Read | FailedAnswer | undefined
}

type FailedAnswer = Extract<Answer<unknown>, { readonly status: 'failed' }>
type DoneAnswer<Report> = Exclude<Answer<Report>, FailedAnswer>

export function lambdaRotation({
  invoke,
  functionName,
  deadline = timerDeadline,
}: LambdaRotationOptions): Rotation {
  async function invokeInTime(question: string): Promise<string> {
    const aborting = new AbortController()
    const invoked = invoke(functionName, question, aborting.signal)
    if (await endsWithin(ROTATION_MS_MAX, invoked, deadline)) return invoked
    aborting.abort()
    throw new DOMException('no answer in time', 'TimeoutError')
  }

  async function returned(asked: Asked<unknown>): Promise<string> {
    try {
      return await invokeInTime(asked.question)
    } catch (error) {
      const name = error instanceof LambdaError ? error.awsName : errorName(error)
      throw unavailable(asked, `AWS Lambda was asked, which ended in ${name}`)
    }
  }

  async function ask<Read extends { readonly status: 'done' }>(asked: Asked<Read>): Promise<Read> {
    const answer = asked.parse(await returned(asked))
    if (answer === undefined) throw unavailable(asked, NO_ANSWER)
    if (answer.status === 'done') return answer
    throw new Fault(answer.code, failure(asked, 'see the log of the function that rotates'))
  }

  async function askForReport<Report extends { readonly id: string }>(
    asked: Asked<DoneAnswer<Report>>,
  ): Promise<Report | undefined> {
    const { report } = await ask(asked)
    if (report === null) return undefined
    if (report.id !== asked.issuerId) throw unavailable(asked, NO_ANSWER)
    return report
  }

  return {
    // This function may not make keys.
    prepare: async (document) => document,
    run: (issuerId, options) =>
      askForReport({
        what: 'rotation',
        issuerId,
        question: rotationQuestion(issuerId, options),
        parse: parseRotationAnswer,
      }),
    sweep: (issuerId, options) =>
      askForReport({
        what: 'sweep',
        issuerId,
        question: sweepQuestion(issuerId, options),
        parse: parseSweepAnswer,
      }),
    publish: async (issuerId) => {
      await ask({
        what: 'publication',
        issuerId,
        question: publishQuestion(issuerId),
        parse: parsePublishAnswer,
      })
    },
  }
}

function unavailable(asked: Asked<unknown>, why: string): Fault {
  return new Fault('rotation_unavailable', failure(asked, why))
}

function failure({ what, issuerId }: Asked<unknown>, why: string): string {
  return `the ${what} of issuer ${issuerId} failed: ${why}`
}
