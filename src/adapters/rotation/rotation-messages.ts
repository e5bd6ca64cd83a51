/**
 * What is said between the function that writes documents and the one that makes, disables and destroys keys.
 *
 * The question names an issuer and nothing else: whoever may ask cannot say what is done. The answer names a fault by its code
 * alone, since a message may be for the log of the other function.
 */

import * as z from 'zod/mini'
import { Fault, FAULT_CODES } from '../../errors.ts'
import { isIssuerId } from '../../issuers/issuer-id.ts'
import type { Rotation } from '../../keyring/rotation.ts'
import type { Log } from '../../log.ts'

const rotationRequest = z.strictObject({
  version: z.literal(1),
  issuer: z.string().check(z.refine(isIssuerId)),
})

const rotationAnswer = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('done') }),
  z.strictObject({ status: z.literal('failed'), code: z.enum(FAULT_CODES) }),
])
export type RotationAnswer = z.infer<typeof rotationAnswer>

/** As JSON. */
export function rotationQuestion(issuerId: string): string {
  const request: z.infer<typeof rotationRequest> = { version: 1, issuer: issuerId }
  return JSON.stringify(request)
}

/** `undefined` for anything that is no answer. */
export function parseRotationAnswer(text: string): RotationAnswer | undefined {
  try {
    return rotationAnswer.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** What the rotating function answers to a question. Rejects with a `TypeError` for anything that is none. */
export async function answerRotation(
  question: unknown,
  rotation: Pick<Rotation, 'run'>,
  log: Log,
): Promise<RotationAnswer> {
  const parsed = rotationRequest.safeParse(question)
  if (!parsed.success) {
    throw new TypeError('a rotation takes {"version": 1, "issuer": ID}, got something else')
  }
  const { issuer } = parsed.data
  try {
    await rotation.run(issuer)
    return { status: 'done' }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log('error', 'rotation_failed', { issuer, code: error.code, problem: error.message })
    return { status: 'failed', code: error.code }
  }
}
