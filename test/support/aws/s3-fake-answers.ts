/**
 * How the fake of AWS S3 speaks: XML, the members of a request, and errors with messages as telling as S3's own.
 */

import { createHash } from 'node:crypto'
import type { FakeAnswer, FakeFault, FakeRequest } from './fake-service.ts'

/** What a leak of S3's messages would show. */
export const S3_FAKE_MARKS = ['999988887777', 'arn:aws', 'marked-message', 'marked-bucket'] as const

/** Of the documents, and of the static copies. */
export const S3_FAKE_BUCKET = 'marked-bucket'
export const S3_FAKE_COPIES_BUCKET = 'marked-bucket-of-copies'

export interface S3Object {
  readonly body: string
  /** Quoted, as S3 writes it. S3 API reference, Object: of an object in plain text it is the MD5 of its data. */
  readonly etag: string
  /** What it is answered with beside that: `content-type`, `cache-control`, `x-amz-meta-…`. */
  readonly headers: Readonly<Record<string, string>>
}

export function objectOf(body: string, headers: S3Object['headers'] = {}): S3Object {
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  // S3 API reference, PutObject, Content-Type: "binary/octet-stream" where none is given.
  return { body, etag, headers: { 'content-type': 'binary/octet-stream', ...headers } }
}

/** S3 API reference, "Error responses": XML with a code, a message and what the request was about. */
export function errorAnswer(status: number, code: string, message = ''): FakeAnswer {
  const told = `${message} marked-message arn:aws:s3:::${S3_FAKE_BUCKET} of account 999988887777`
  const body = element(
    'Error',
    element('Code', code),
    element('Message', escaped(told.trim())),
    element('BucketName', S3_FAKE_BUCKET),
    element('RequestId', 'TX234S0F24A06C7'),
    element('HostId', 'host'),
  )
  return xmlAnswer(status, body)
}

const errorFault = (...error: Parameters<typeof errorAnswer>): FakeFault => ({
  type: 'answer',
  answer: errorAnswer(...error),
})

/** Faults to inject, as S3 answers them. S3 API reference, "List of error codes". */
export const s3Errors = {
  throttled: errorFault(503, 'SlowDown', 'Please reduce your request rate.'),
  internal: errorFault(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  /** IAM names the caller and the resource. */
  denied: errorFault(
    403,
    'AccessDenied',
    'User: arn:aws:sts::999988887777:assumed-role/signet/host is not authorized to perform: s3:PutObject',
  ),
  /** S3 API reference, PutObject: "If a conflicting operation occurs during the upload S3 returns 409". */
  conflict: errorFault(409, 'ConditionalRequestConflict', 'Please retry the upload.'),
  /** A whole answer is announced, half of it comes, and the connection ends. */
  halfAnswer: {
    type: 'answer',
    answer: {
      status: 200,
      headers: { etag: objectOf('whole').etag, 'content-length': '100', connection: 'close' },
      body: '{"half":',
    },
  },
  /** A whole answer is announced, half of it comes, and then nothing more. */
  endlessAnswer: {
    type: 'answer',
    answer: {
      status: 200,
      headers: { etag: objectOf('whole').etag, 'content-length': '100' },
      body: '{"half":',
    },
  },
} as const satisfies Record<string, FakeFault>

export interface ListedObjects {
  readonly prefix: string
  readonly maxKeys: number
  readonly objects: readonly (readonly [key: string, object: S3Object])[]
  /** Where the list goes on, if it does. */
  readonly next: string | undefined
}

/** S3 API reference, ListObjectsV2, response syntax. */
export function listAnswer({ prefix, maxKeys, objects, next }: ListedObjects): FakeAnswer {
  const contents = objects.map(([key, { body, etag }]) =>
    element(
      'Contents',
      element('Key', escaped(key)),
      element('LastModified', '2026-11-22T00:00:00.000Z'),
      element('ETag', escaped(etag)),
      element('Size', `${Buffer.byteLength(body)}`),
      element('StorageClass', 'STANDARD'),
    ),
  )
  const body = element(
    'ListBucketResult',
    element('Name', S3_FAKE_BUCKET),
    element('Prefix', escaped(prefix)),
    element('KeyCount', `${objects.length}`),
    element('MaxKeys', `${maxKeys}`),
    element('IsTruncated', `${next !== undefined}`),
    ...contents,
    next === undefined ? '' : element('NextContinuationToken', escaped(next)),
  )
  return xmlAnswer(200, body)
}

export interface S3Target {
  readonly bucket: string
  /** Empty: the bucket itself. */
  readonly key: string
  readonly query: URLSearchParams
}

/** The bucket is the first part of the path, as it is under an endpoint of one's own. */
export function targetOf({ target }: FakeRequest): S3Target {
  const [path = '', query = ''] = target.split('?')
  const [, bucket = '', ...parts] = path.split('/')
  const key = parts.map((part) => decodeURIComponent(part)).join('/')
  return { bucket, key, query: new URLSearchParams(query) }
}

function xmlAnswer(status: number, root: string): FakeAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${root}`,
  }
}

function element(name: string, ...content: readonly string[]): string {
  return `<${name}>${content.join('')}</${name}>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
