/**
 * To read and write documents in S3, by kind, and the static copies of public ones.
 */

import type { IamStatement } from './iam-statement.ts'

/** The first part of a document's key, below its deployment's prefix. */
export type DocumentKind = 'issuers' | 'locations' | 'policies'

export interface DocumentBucket {
  readonly bucketArn: string
  /** The setting `DEPLOYMENT`. */
  readonly deployment: string
}

export interface DocumentAccess {
  readonly reads: readonly [DocumentKind, ...DocumentKind[]]
  /** What is written has to be read too: S3 asks for that where a put has a condition. */
  readonly writes?: readonly [DocumentKind, ...DocumentKind[]]
}

export function documentStatements(
  bucket: DocumentBucket,
  { reads, writes }: DocumentAccess,
): readonly IamStatement[] {
  const objects = (kinds: readonly DocumentKind[]): readonly string[] =>
    kinds.map((kind) => `${bucket.bucketArn}/${bucket.deployment}/${kind}/*`)
  return [
    { sid: 'ReadDocuments', actions: ['s3:GetObject'], resources: objects(reads) },
    ...(writes === undefined
      ? []
      : [{ sid: 'WriteDocuments', actions: ['s3:PutObject'], resources: objects(writes) }]),
    listing('ListDocuments', bucket.bucketArn),
  ]
}

/** Of the documents that public routes answer with, all below `.well-known`. */
export function staticCopyStatements(bucketArn: string): readonly IamStatement[] {
  return [
    {
      sid: 'KeepStaticCopies',
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [`${bucketArn}/*/.well-known/*`],
    },
    listing('ListStaticCopies', bucketArn),
  ]
}

/**
 * S3 says that an object is not there only to whoever may list its bucket, and 403 to everyone else. Without a condition on
 * the prefix, which a read has not.
 */
function listing(sid: string, bucketArn: string): IamStatement {
  return { sid, actions: ['s3:ListBucket'], resources: [bucketArn] }
}
