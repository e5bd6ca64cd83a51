/**
 * `signet aws`: what AWS has to be told about a deployment that is not made there.
 */

import { Command } from 'commander'
import { workerPolicyCommand } from './aws-worker-policy.ts'

export function awsCommand(): Command {
  return new Command('aws').description('what AWS has to be told').addCommand(workerPolicyCommand())
}
