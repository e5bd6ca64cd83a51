/**
 * Which KMS the keys of a local installation are in: a key's place never changes, so a state directory remembers it.
 */

import * as z from 'zod/mini'
import { parseKmsCustodies } from '../../adapters/aws/kms-settings.ts'
import { isLoopbackUrl } from '../../issuers/issuer-identifier.ts'
import type { StatePaths } from './state-directory.ts'
import { readStateDocument, writeWhole } from './state-files.ts'

/** What `dev` may be told: custodies of which something is in AWS KMS. */
export const KMS_CUSTODIES = ['kms', 'kms-wrapped'] as const

const localKms = z.strictObject({
  version: z.literal(1),
  /** An emulator on this machine. */
  endpoint: z.string().check(z.refine(isKmsEndpoint)),
  /** Which of them new issuers get. */
  custody: z.enum(KMS_CUSTODIES),
  /** The symmetric key there that wraps. */
  wrappingKey: z.string().check(z.refine(isWrappingKey)),
})
export type LocalKms = z.infer<typeof localKms>

/** An http URL of this machine, and nothing but its origin: no key is made or used anywhere else. */
export function isKmsEndpoint(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'http:' && isLoopbackUrl(url) && url.origin === text
}

/** A name that a Worker takes. */
export function isWrappingKey(text: string): boolean {
  return parseKmsCustodies({ KMS_WRAPPING_KEY: text }, []).wrappingKey !== undefined
}

/** Resolves to `undefined` where none of its keys ever was in a KMS. */
export async function readLocalKms(paths: StatePaths): Promise<LocalKms | undefined> {
  return readStateDocument(paths.kms, localKms)
}

export async function writeLocalKms(paths: StatePaths, kms: LocalKms): Promise<void> {
  await writeWhole(paths.kms, `${JSON.stringify(kms, null, 2)}\n`)
}
