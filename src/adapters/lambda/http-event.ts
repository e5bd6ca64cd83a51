/**
 * HTTP events of payload format 2.0, which API Gateway HTTP APIs and Lambda Function URLs share: the members that are read.
 *
 * An event is outside input: whoever may invoke the function chooses it. A member that may be missing may be `null` too.
 */

import * as z from 'zod/mini'

const schema = z.object({
  /** Begins with the stage, where that has a name. */
  rawPath: z.string(),
  /** Without `?`, percent-encoded as it was sent. */
  rawQueryString: z.nullish(z.string()),
  /** Names in lower case; several values of a name are one, with commas between. */
  headers: z.nullish(z.record(z.string(), z.unknown())),
  cookies: z.nullish(z.array(z.unknown())),
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
  requestContext: z.object({
    domainName: z.nullish(z.string()),
    stage: z.nullish(z.string()),
    http: z.object({ method: z.string() }),
  }),
})

export type HttpEvent = z.infer<typeof schema>

/** `undefined` for anything else, events of payload format 1.0 included. */
export function parseHttpEvent(event: unknown): HttpEvent | undefined {
  return schema.safeParse(event).data
}
