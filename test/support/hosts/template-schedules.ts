/**
 * The schedules of a template, handed over as EventBridge Scheduler does it: in the name of their role, with their input.
 */

import type { Synthesized } from '../synthesized.ts'
import { invokeCall } from '../aws/iam-requests.ts'
import { resolved, resourcesOf } from '../aws/template.ts'
import type { TemplateFunction } from './template-functions.ts'
import { accessKeyOf } from './template-iam.ts'
import type { TemplateServices } from './template-services.ts'

export interface Running {
  readonly its: Synthesized
  readonly services: Pick<TemplateServices, 'names' | 'iam'>
  readonly rotate: TemplateFunction
}

interface ScheduleTarget {
  readonly Arn: string
  readonly RoleArn: string
  readonly Input: string
}

/** Rejects when the function does. */
export async function runSchedule(
  job: string,
  { its, services: { names, iam }, rotate }: Running,
): Promise<unknown> {
  const targets = resourcesOf(its.template, 'AWS::Scheduler::Schedule').map(
    ([, { Properties }]) => resolved(Properties?.['Target'], names) as ScheduleTarget,
  )
  const target = targets.find(({ Input }) => Input.includes(`"${job}"`))
  if (target?.Arn !== rotate.arn) throw new TypeError(`no schedule hands over ${job}`)
  const role = resourcesOf(its.template, 'AWS::IAM::Role').find(
    ([id]) => names.attribute(id, 'Arn') === target.RoleArn,
  )
  const caller = iam.callerOf(`AWS4-HMAC-SHA256 Credential=${accessKeyOf(role?.[0] ?? '')}/`)
  if (!iam.may(caller, invokeCall(target.Arn))) throw new TypeError('the schedule may not invoke')
  return rotate.invoke(JSON.parse(target.Input))
}
