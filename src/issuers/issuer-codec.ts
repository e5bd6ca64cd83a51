/**
 * Stored bytes ↔ issuer documents and public copies. What is not of their form (`issuer-schema.ts`) is a corrupt
 * document, said by name.
 */

import type * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { SHOWN_PROBLEMS_MAX } from '../limits.ts'
import { shortened } from '../printable.ts'
import { upgraded } from './format-upgrade.ts'
import { FORMAT_VERSION, type PublicCopy, type StoredIssuer } from './issuer-document.ts'
import { publicCopy, storedIssuer } from './issuer-schema.ts'

/** Throws fault `document_corrupt`, naming the issuer and the members that are wrong. */
export function parseStoredIssuer(id: string, body: string): StoredIssuer {
  return parse(STORED, id, body)
}

/** Throws fault `document_corrupt`, naming the issuer and the members that are wrong. */
export function parsePublicCopy(id: string, body: string): PublicCopy {
  return parse(COPY, id, body)
}

/** Throws fault `document_corrupt` rather than give what could not be read again. */
export function formatStoredIssuer(stored: StoredIssuer): string {
  const body = JSON.stringify(stored)
  const parsed = STORED.schema.safeParse(JSON.parse(body))
  if (parsed.success) return body
  throw new Fault(
    'document_corrupt',
    `the document of issuer ${stored.id} would be one that cannot be read, wrong at ${membersOf(parsed.error)}: nothing was written`,
  )
}

export function formatPublicCopy(copy: PublicCopy): string {
  return JSON.stringify(copy)
}

/** A kind of stored bytes: its form, and how messages speak of it. */
interface Format<T> {
  readonly schema: z.ZodMiniType<T>
  readonly name: string
  /** What to do about one that is corrupt. */
  readonly advice: string
}

const STORED: Format<StoredIssuer> = {
  schema: storedIssuer,
  name: 'the stored document',
  advice: 'restore it from a backup',
}

const COPY: Format<PublicCopy> = {
  schema: publicCopy,
  name: 'the public copy',
  advice: 'update the issuer, which makes its copy anew',
}

function parse<T extends { readonly id: string }>(format: Format<T>, id: string, body: string): T {
  const unreadable = (why: string, cause?: unknown): Fault =>
    new Fault('document_corrupt', `${format.name} of issuer ${id} cannot be read: ${why}`, {
      cause,
    })
  const corrupt = (what: string, cause?: unknown): Fault =>
    unreadable(`${what}; ${format.advice}`, cause)

  let json: unknown
  try {
    json = JSON.parse(body)
  } catch (cause) {
    throw corrupt('it is not JSON', cause)
  }
  if (isOfNewerFormat(json)) throw unreadable('a newer version of Signet wrote it; run that one')
  const parsed = format.schema.safeParse(upgraded(json))
  if (!parsed.success) throw corrupt(`wrong at ${membersOf(parsed.error)}`)
  if (parsed.data.id !== id) throw corrupt('it is of another issuer')
  return parsed.data
}

function isOfNewerFormat(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false
  const version: unknown = Reflect.get(json, 'version')
  return Number.isSafeInteger(version) && Number(version) > FORMAT_VERSION
}

/** Names alone: a value could be a key reference. What is stored was written by us, and may still be anything. */
function membersOf(error: z.core.$ZodError): string {
  const names = error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
    return keys.map((key) => [...issue.path, key].filter((part) => part !== undefined).join('.'))
  })
  const shown = names.map((name) => shortened(name) || 'the top level')
  return [...new Set(shown)].slice(0, SHOWN_PROBLEMS_MAX).join(', ')
}
