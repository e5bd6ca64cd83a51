/**
 * AWS S3 as far as its users go: PutObject under a condition, GetObject, ListObjectsV2, and in the bucket of static copies
 * DeleteObject.
 *
 * Each operation is one step, so a read sees every write that was answered, and of racing writers each sees what the
 * one before it left (S3 user guide, "Amazon S3 data consistency model": strong read-after-write consistency of GET,
 * PUT and LIST). Whatever nobody has need of is refused, a put without a condition among it.
 */

import { createHash } from 'node:crypto'
import {
  type FakeAnswer,
  type FakeFault,
  type FakeRequest,
  type Guard,
  startFakeService,
} from './fake-service.ts'
import {
  errorAnswer,
  listAnswer,
  objectOf,
  S3_FAKE_BUCKET,
  S3_FAKE_COPIES_BUCKET,
  type S3Object,
  type S3Target,
  targetOf,
} from './s3-fake-answers.ts'

export type S3Operation = 'GetObject' | 'PutObject' | 'DeleteObject' | 'ListObjectsV2'

export interface S3Fake {
  readonly url: string
  /** Of the documents. */
  readonly bucket: string
  /** Of the static copies. */
  readonly copiesBucket: string
  /** The operations that were called, in their order, those included that a fault met. */
  readonly calls: readonly string[]
  /** The next `times` calls of `operation` meet `fault`; `*`: of whatever operation. */
  inject(operation: S3Operation | '*', fault: FakeFault, times?: number): void
  /** Whatever was injected meets no call any more. */
  heal(): void
  /** The bodies of all documents by their keys. */
  objects(): Readonly<Record<string, string>>
  /** All static copies by their keys. */
  copies(): Readonly<Record<string, S3Object>>
  close(): Promise<void>
}

export interface S3FakeOptions {
  /** Keys on one page. S3 API reference, ListObjectsV2: "By default, the action returns up to 1,000 key names." */
  readonly pageKeysMax?: number
  /** The names of its buckets. */
  readonly bucket?: string
  readonly copiesBucket?: string
  /** Who may do what. @default everyone everything: bucket policies are not applied */
  readonly guard?: Guard
}

/** The headers that the SDK sends of itself; those that change what a call does are refused below. */
const HARMLESS_HEADERS = [
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-user-agent',
]
/** S3 API reference, PutObject: what is kept with an object and answered with it. */
const KEPT_HEADER = /^(?:content-type|cache-control|x-amz-meta-[\w-]+)$/
const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']
const LIST_PARAMETERS = ['list-type', 'prefix', 'start-after', 'max-keys', 'continuation-token']

export async function startS3Fake({
  pageKeysMax = 1000,
  bucket = S3_FAKE_BUCKET,
  copiesBucket = S3_FAKE_COPIES_BUCKET,
  guard,
}: S3FakeOptions = {}): Promise<S3Fake> {
  const [documents, copies] = [new Map<string, S3Object>(), new Map<string, S3Object>()]
  const buckets = new Map([
    [bucket, documents],
    [copiesBucket, copies],
  ])
  const service = await startFakeService({
    operationOf,
    perform: (operation, request) => {
      const target = targetOf(request)
      const objects = buckets.get(target.bucket)
      // S3 API reference, "List of error codes": NoSuchBucket has the status 404, as NoSuchKey has.
      const refused = refusalOf(request, target)
      if (refused !== undefined) return refused
      if (objects === undefined) return errorAnswer(404, 'NoSuchBucket')
      if (operation === 'GetObject') return get(objects, request, target)
      if (operation === 'PutObject') return put(objects, request, target)
      if (operation === 'ListObjectsV2') return list(objects, target, pageKeysMax)
      const isDeletion = operation === 'DeleteObject' && objects === copies
      return isDeletion ? remove(objects, request, target) : notImplemented(operation)
    },
    guard,
  })
  return {
    ...service,
    bucket,
    copiesBucket,
    objects: () =>
      Object.fromEntries(Array.from(documents, ([key, { body }]) => [key, body] as const)),
    copies: () => Object.fromEntries(copies),
  }
}

function operationOf(request: FakeRequest): string {
  const { key, query } = targetOf(request)
  if (request.method === 'GET' && key !== '') return 'GetObject'
  if (request.method === 'PUT' && key !== '') return 'PutObject'
  if (request.method === 'DELETE' && key !== '') return 'DeleteObject'
  if (request.method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2'
  return `${request.method} ${request.target}`
}

function refusalOf({ method, headers, body }: FakeRequest, { query }: S3Target) {
  // S3 user guide, "Conditional writes": requests need HTTPS or Signature Version 4.
  if (headers['authorization']?.startsWith('AWS4-HMAC-SHA256 ') !== true) {
    return errorAnswer(403, 'AccessDenied')
  }
  // S3 API reference, "Signature calculations": the signed hash of the payload is compared with the payload.
  if (headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex')) {
    return errorAnswer(400, 'XAmzContentSHA256Mismatch')
  }
  const header = Object.keys(headers).find((name) => {
    if (method === 'PUT' && KEPT_HEADER.test(name)) return false
    return (name.startsWith('x-amz-') && !HARMLESS_HEADERS.includes(name)) || name === 'range'
  })
  if (header !== undefined) return notImplemented(header)
  const parameter = [...query.keys()].find(
    (name) => name !== 'x-id' && !LIST_PARAMETERS.includes(name),
  )
  return parameter === undefined ? undefined : notImplemented(parameter)
}

function get(
  objects: ReadonlyMap<string, S3Object>,
  { headers }: FakeRequest,
  { key }: S3Target,
): FakeAnswer {
  if (CONDITIONS.some((name) => name in headers)) return notImplemented('a condition of GetObject')
  const found = objects.get(key)
  // S3 API reference, GetObject: NoSuchKey, 404, for who may list the bucket; 403 for who may not.
  if (found === undefined) return errorAnswer(404, 'NoSuchKey')
  return { status: 200, headers: { ...found.headers, etag: found.etag }, body: found.body }
}

function put(
  objects: Map<string, S3Object>,
  { headers, body }: FakeRequest,
  { key }: S3Target,
): FakeAnswer {
  const refused = unmetCondition(headers, objects.get(key))
  if (refused !== undefined) return refused
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADER.test(name))
  const written = objectOf(body.toString('utf8'), Object.fromEntries(kept))
  objects.set(key, written)
  return { status: 200, headers: { etag: written.etag } }
}

function remove(
  objects: Map<string, S3Object>,
  { headers }: FakeRequest,
  { key }: S3Target,
): FakeAnswer {
  const isConditional = CONDITIONS.some((name) => name in headers)
  if (isConditional) return notImplemented('a condition of DeleteObject')
  objects.delete(key)
  // S3 API reference, DeleteObject: 204, also where there is no such object.
  return { status: 204 }
}

function unmetCondition(
  headers: FakeRequest['headers'],
  existing: S3Object | undefined,
): FakeAnswer | undefined {
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  if (ifMatch === undefined && ifNoneMatch === undefined) return notImplemented('no condition')
  if (ifMatch !== undefined && ifNoneMatch !== undefined) return notImplemented('two conditions')
  // S3 API reference, PutObject, If-None-Match: "Expects the '*' (asterisk) character", and
  // "uploads the object only if the object key name does not already exist", otherwise 412.
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') return notImplemented('If-None-Match')
  if (ifNoneMatch !== undefined) {
    return existing && errorAnswer(412, 'PreconditionFailed', 'If-None-Match did not hold.')
  }
  // S3 user guide, "Conditional write behavior": If-Match where there is no object is answered 404.
  if (existing === undefined) return errorAnswer(404, 'NoSuchKey')
  if (ifMatch === '*') return notImplemented('If-Match of any object')
  // S3 API reference, PutObject, If-Match: the etag must be that of the object, otherwise 412. S3 compares it without
  // regard to quotes; here it must come without them, since other services take it in no other way.
  if (`"${ifMatch}"` === existing.etag) return undefined
  return errorAnswer(412, 'PreconditionFailed', 'If-Match did not hold.')
}

function list(
  objects: ReadonlyMap<string, S3Object>,
  { query }: S3Target,
  pageKeysMax: number,
): FakeAnswer {
  const prefix = query.get('prefix') ?? ''
  // S3 API reference, ListObjectsV2: a continuation token takes the place of `start-after`.
  const token = query.get('continuation-token')
  const after = token === null ? (query.get('start-after') ?? '') : keyOfToken(token)
  const maxKeys = Math.min(Number(query.get('max-keys') ?? 1000), pageKeysMax)
  // S3 API reference, ListObjectsV2: keys come in the order of their UTF-8 bytes; the store's are ASCII.
  const found = [...objects]
    .filter(([key]) => key.startsWith(prefix) && key > after)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  const page = found.slice(0, maxKeys)
  const last = page.at(-1)?.[0] ?? after
  const next = found.length > page.length ? tokenOf(last) : undefined
  return listAnswer({ prefix, maxKeys, objects: page, next })
}

/** S3 API reference, ListObjectsV2: the token "is obfuscated and is not a real key". */
function tokenOf(key: string): string {
  return `token ${Buffer.from(key).toString('base64')}`
}

function keyOfToken(token: string): string {
  return Buffer.from(token.slice('token '.length), 'base64').toString()
}

/** S3 API reference, "List of error codes": "A header that you provided implies functionality that is not implemented." */
function notImplemented(what: string): FakeAnswer {
  return errorAnswer(501, 'NotImplemented', what)
}
