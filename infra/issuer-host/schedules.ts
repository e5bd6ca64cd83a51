/**
 * What makes the function `rotate` run by itself: rotations and sweeps, as EventBridge Scheduler has them, and a queue for
 * the runs that failed however often they were tried.
 *
 * A schedule hands a run over and does not wait for it: what it tries again is the handing over; a run that fails is tried
 * again by Lambda. Both leave in the queue what they give up. A run does nothing that was done, so it may come twice.
 */

import {
  Aws,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_scheduler as scheduler,
  aws_sqs as sqs,
  Duration,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import {
  type IamStatement,
  policyDocument,
} from '../../src/adapters/aws/permissions/iam-statement.ts'
import type { JobName } from '../../src/jobs/run-job.ts'
import { constructId } from './each-function.ts'

export interface SchedulesProps {
  readonly rotate: lambda.IFunction
  readonly rotationMinutes: number
  readonly deadLetters: sqs.IQueue
}

/** In UTC, at an hour at which little is asked for. A sweep reads the tags of every key of the region. */
const SWEEPS = 'cron(20 3 * * ? *)'

/** Lambda itself tries twice more, after one and two minutes. */
const RUN_RETRIES = 2
const HANDING_OVER_RETRIES = 5
const SWEEP_EVENT_AGE = Duration.hours(6)

export class Schedules extends Construct {
  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id)
    const { rotate, rotationMinutes, deadLetters } = props
    const group = new scheduler.CfnScheduleGroup(this, 'Group')
    const role = schedulerRole(this, group.attrArn, props)
    const every = Duration.minutes(rotationMinutes)
    const schedule = (job: JobName, expression: string, eventAge: Duration): void => {
      new scheduler.CfnSchedule(this, constructId(job), {
        description: `Signet: ${job}`,
        groupName: group.ref,
        scheduleExpression: expression,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: rotate.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ version: 1, job }),
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: {
            maximumRetryAttempts: HANDING_OVER_RETRIES,
            maximumEventAgeInSeconds: eventAge.toSeconds(),
          },
        },
      })
    }
    schedule(
      'rotate',
      `rate(${rotationMinutes} ${rotationMinutes === 1 ? 'minute' : 'minutes'})`,
      every,
    )
    schedule('sweep', SWEEPS, SWEEP_EVENT_AGE)
    new lambda.CfnEventInvokeConfig(this, 'FailedRuns', {
      functionName: rotate.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: RUN_RETRIES,
      maximumEventAgeInSeconds: SWEEP_EVENT_AGE.toSeconds(),
      destinationConfig: { onFailure: { destination: deadLetters.queueArn } },
    })
  }
}

/** Kept for four days: an alarm stays until somebody has looked and emptied the queue, or until then. */
export function deadLetterQueue(scope: Construct, id: string): sqs.Queue {
  return new sqs.Queue(scope, id, {
    enforceSSL: true,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    retentionPeriod: Duration.days(4),
  })
}

/** Taken by the scheduler for schedules of this group alone. */
function schedulerRole(scope: Construct, groupArn: string, props: SchedulesProps): iam.IRole {
  const role = new iam.Role(scope, 'Role', {
    description: 'Signet: hands rotations and sweeps over',
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': groupArn },
      },
    }),
  })
  new iam.CfnPolicy(scope, 'RolePolicy', {
    policyName: 'signet-schedules',
    policyDocument: policyDocument(schedulerStatements(props)),
    roles: [role.roleName],
  })
  return role
}

function schedulerStatements({ rotate, deadLetters }: SchedulesProps): readonly IamStatement[] {
  return [
    {
      sid: 'HandRunsOver',
      actions: ['lambda:InvokeFunction'],
      resources: [rotate.functionArn],
    },
    {
      sid: 'LeaveWhatFailed',
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
    },
  ]
}
