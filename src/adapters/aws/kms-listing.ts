/**
 * Reads what AWS KMS says of its keys: which there are, their tags and their state. Both transports give it the members of
 * an answer under the same names, and it takes none of them for granted.
 */

import { isJsonObject, type JsonObject } from '../../json.ts'
import type { KmsApi, KmsKeyPage, KmsKeyState } from './kms-api.ts'
import { unreadableAnswer } from './kms-errors.ts'

interface PageInput {
  readonly Limit: number
  readonly Marker?: string
}

/** The three calls of a transport; each resolves to the members of an answer, unchecked. */
export interface KmsListingTransport {
  listKeys(input: PageInput, signal: AbortSignal): Promise<object>
  listResourceTags(
    input: PageInput & { readonly KeyId: string },
    signal: AbortSignal,
  ): Promise<object>
  describeKey(input: { readonly KeyId: string }, signal: AbortSignal): Promise<object>
}

/** The most that KMS takes. */
const KEYS_LIMIT = 1000
const TAGS_LIMIT = 50
/** A key has 50 tags at most, and a page that is not empty one of them at least. */
const TAG_PAGES_MAX = 50

const STATES: ReadonlyMap<unknown, KmsKeyState> = new Map([
  ['Enabled', 'enabled'],
  ['Disabled', 'disabled'],
  ['PendingDeletion', 'pending_deletion'],
])

export function kmsListing(
  transport: KmsListingTransport,
): Pick<KmsApi, 'listKeys' | 'listResourceTags' | 'describeKey'> {
  return {
    listKeys: async (marker, signal): Promise<KmsKeyPage> => {
      const answer = { ...(await transport.listKeys(pageInput(KEYS_LIMIT, marker), signal)) }
      return {
        keyIds: listOf(answer, 'Keys').map((key) => textOf(key, 'KeyArn')),
        ...nextOf(answer),
      }
    },
    listResourceTags: async (keyId, signal) => {
      const tags: [string, string][] = []
      let marker: string | undefined
      // KMS may give fewer than it was asked for.
      for (let page = 1; page <= TAG_PAGES_MAX; page++) {
        const input = { KeyId: keyId, ...pageInput(TAGS_LIMIT, marker) }
        const answer = { ...(await transport.listResourceTags(input, signal)) }
        for (const tag of listOf(answer, 'Tags')) {
          tags.push([textOf(tag, 'TagKey'), stringOf(tag, 'TagValue')])
        }
        marker = nextOf(answer).next
        if (marker === undefined) return Object.fromEntries(tags)
      }
      throw unreadableAnswer()
    },
    describeKey: async (keyId, signal) => {
      const answer = { ...(await transport.describeKey({ KeyId: keyId }, signal)) }
      const metadata = objectOf((answer as JsonObject)['KeyMetadata'])
      return {
        arn: textOf(metadata, 'Arn'),
        createdAt: secondsOf(metadata['CreationDate']),
        keySpec: textOf(metadata, 'KeySpec'),
        state: STATES.get(textOf(metadata, 'KeyState')) ?? 'other',
      }
    },
  }
}

function pageInput(limit: number, marker: string | undefined): PageInput {
  return { Limit: limit, ...(marker !== undefined && { Marker: marker }) }
}

function nextOf(answer: JsonObject): Pick<KmsKeyPage, 'next'> {
  return { next: answer['Truncated'] === true ? textOf(answer, 'NextMarker') : undefined }
}

function listOf(answer: JsonObject, member: string): JsonObject[] {
  const value = answer[member]
  if (Array.isArray(value)) return value.map(objectOf)
  throw unreadableAnswer()
}

function objectOf(value: unknown): JsonObject {
  if (isJsonObject(value)) return value
  throw unreadableAnswer()
}

function textOf(members: JsonObject, member: string): string {
  const text = stringOf(members, member)
  if (text !== '') return text
  throw unreadableAnswer()
}

/** Of a tag's value, which may be empty. */
function stringOf(members: JsonObject, member: string): string {
  const value = members[member]
  if (typeof value === 'string') return value
  throw unreadableAnswer()
}

/** AWS JSON has seconds with a fraction, which the SDK makes a `Date` of. */
function secondsOf(moment: unknown): number {
  const seconds = moment instanceof Date ? moment.getTime() / 1000 : moment
  const whole = typeof seconds === 'number' ? Math.floor(seconds) : undefined
  if (whole !== undefined && Number.isSafeInteger(whole)) return whole
  throw unreadableAnswer()
}
