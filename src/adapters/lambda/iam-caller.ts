/**
 * Whether AWS IAM has authenticated whoever sent an event: API Gateway with an IAM authorizer and a Function URL with
 * `AuthType: AWS_IAM` say so in the same place, which no client of theirs can write to. Whoever may invoke the function itself
 * writes all of its event, this too: to have that right is to be let in.
 *
 * Who the caller is goes no further.
 */

import * as z from 'zod/mini'

const text = z.string().check(z.minLength(1))
const schema = z.object({
  requestContext: z.object({
    authorizer: z.object({
      iam: z.object({ accountId: text, userArn: text, userId: text }),
    }),
  }),
})

/** `false` too for the authorizers that are not IAM's. */
export function hasIamCaller(event: unknown): boolean {
  return schema.safeParse(event).success
}
