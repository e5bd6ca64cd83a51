/**
 * Names of what CloudFront keeps for a whole account, all regions and stacks of it in one list, and asks a name of.
 *
 * Those that the CDK makes are of the template alone: a second stack of one template would find them taken.
 */

import { Aws, Fn, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { createHash } from 'node:crypto'

/**
 * At most 64 characters, if `what` has ten or fewer: with the UUID of the stack, and a hash of where in it `scope` is, as it may
 * be there twice.
 */
export function stackUniqueName(scope: Construct, what: string): string {
  const path = scope.node.path.slice(Stack.of(scope).node.path.length)
  const place = createHash('sha256').update(path).digest('hex').slice(0, 8)
  // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
  const stack = Fn.select(2, Fn.split('/', Aws.STACK_ID))
  return `signet-${what}-${place}-${stack}`
}
