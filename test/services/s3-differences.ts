/**
 * What the document store relies on in S3, asked of the fake, moto and Ceph alike.
 */

import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { answerOf, type Difference } from './difference.ts'

export interface S3Subject {
  readonly client: S3Client
  /** Empty. */
  readonly bucket: string
}

type Condition = Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>

const KEY = 'issuers/prod'
const RACERS = Array.from({ length: 10 }, (_, n) => `racer ${n}`)
const RACES_MAX = 10
const UNORDERED = ['b', 'a-1', 'B', 'a', '10', 'a1', '9', 'a_1', 'a~', 'aa', 'a/b', 'A']
const ORDERED = '10 9 A B a a-1 a/b a1 a_1 aa a~ b'

export const S3_DIFFERENCES: readonly Difference<S3Subject>[] = [
  {
    what: 'S3: If-None-Match * where there is an object',
    documented: '412 PreconditionFailed',
    probe: async (subject) => {
      await create(subject)
      return putAnswer(subject, { IfNoneMatch: '*' })
    },
  },
  {
    what: 'S3: If-Match of an older etag',
    documented: '412 PreconditionFailed',
    probe: async (subject) => {
      const etag = await create(subject)
      await put(subject, { IfMatch: unquoted(etag) }, 'two')
      return putAnswer(subject, { IfMatch: unquoted(etag) }, 'three')
    },
  },
  {
    what: 'S3: If-Match of the present etag, without quotes',
    documented: 'written',
    probe: async (subject) => putAnswer(subject, { IfMatch: unquoted(await create(subject)) }),
  },
  {
    what: 'S3: If-Match of the present etag, in quotes',
    documented: 'written',
    // The fake is as strict as the strictest, so that `npm test` notices quotes.
    otherwise: { fake: '412 PreconditionFailed', ceph: '412 PreconditionFailed' },
    probe: async (subject) => putAnswer(subject, { IfMatch: await create(subject) }),
  },
  {
    what: 'S3: If-Match where there is no object',
    documented: '404 NoSuchKey',
    otherwise: { ceph: '412 PreconditionFailed' },
    probe: async (subject) => {
      await create(subject, 'issuers/other')
      return putAnswer(subject, { IfMatch: 'd41d8cd98f00b204e9800998ecf8427e' })
    },
  },
  {
    what: 'S3: ten creators at once',
    documented: '1 wins',
    probe: async (subject) => winners(await race(subject, { IfNoneMatch: '*' })),
  },
  {
    what: 'S3: ten writers at once, all with the present etag',
    documented: '1 wins',
    probe: async (subject) =>
      winners(await race(subject, { IfMatch: unquoted(await create(subject)) })),
  },
  {
    what: 'S3: what the losers of up to ten such races are told',
    documented: '412 or 409',
    otherwise: { ceph: '500' },
    probe: async (subject) => {
      let etag = await create(subject)
      for (let count = 1; count <= RACES_MAX; count++) {
        const answers = await race(subject, { IfMatch: unquoted(etag) })
        const other = answers.find((answer) => !/^(written$|412 |409 )/.test(answer))
        if (other !== undefined) return other
        etag = await etagOf(subject)
      }
      return '412 or 409'
    },
  },
  {
    what: 'S3: an object that there is not',
    documented: '404 NoSuchKey',
    probe: ({ client, bucket }) =>
      answerOf(client.send(new GetObjectCommand({ Bucket: bucket, Key: KEY })), () => 'found'),
  },
  {
    what: 'S3: a bucket that there is not',
    documented: '404 NoSuchBucket',
    probe: ({ client }) => {
      const command = new GetObjectCommand({ Bucket: 'signet-no-such-bucket', Key: KEY })
      return answerOf(client.send(command), () => 'found')
    },
  },
  {
    what: 'S3: order of a list',
    documented: ORDERED,
    probe: async (subject) => {
      for (const key of UNORDERED) await create(subject, key)
      return (await listedPages(subject, 100)).flat().join(' ')
    },
  },
  {
    what: 'S3: a list of five keys by pages of two',
    documented: 'a b, c d, e',
    probe: async (subject) => {
      for (const key of ['a', 'b', 'c', 'd', 'e']) await create(subject, key)
      return (await listedPages(subject, 2)).map((page) => page.join(' ')).join(', ')
    },
  },
]

function put({ client, bucket }: S3Subject, condition: Condition, body: string, key = KEY) {
  return client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...condition }))
}

/** Resolves to its etag. */
async function create(subject: S3Subject, key = KEY): Promise<string> {
  const { ETag = '' } = await put(subject, { IfNoneMatch: '*' }, `first of ${key}`, key)
  return ETag
}

async function etagOf({ client, bucket }: S3Subject): Promise<string> {
  const { ETag = '' } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: KEY }))
  return ETag
}

function putAnswer(subject: S3Subject, condition: Condition, body = 'another'): Promise<string> {
  return answerOf(put(subject, condition, body), () => 'written')
}

/** How each of ten writers at once was answered. */
async function race(subject: S3Subject, condition: Condition): Promise<readonly string[]> {
  return Promise.all(RACERS.map((body) => putAnswer(subject, condition, body)))
}

function winners(answers: readonly string[]): string {
  return `${answers.filter((answer) => answer === 'written').length} wins`
}

async function listedPages({ client, bucket }: S3Subject, pageKeys: number): Promise<string[][]> {
  const pages: string[][] = []
  let continuation: string | undefined
  do {
    const request = { Bucket: bucket, MaxKeys: pageKeys, ContinuationToken: continuation }
    const answer = await client.send(new ListObjectsV2Command(request))
    pages.push((answer.Contents ?? []).map(({ Key = '' }) => Key))
    continuation = answer.NextContinuationToken
  } while (continuation !== undefined)
  return pages
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '')
}
