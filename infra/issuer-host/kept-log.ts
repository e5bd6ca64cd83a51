/**
 * A log group whose records are kept for a stated time, also when the stack goes: who was given what is in them.
 */

import { aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

export function keptLog(
  scope: Construct,
  id: string,
  retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    retention,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  })
}
