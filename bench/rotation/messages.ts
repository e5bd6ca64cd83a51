/**
 * What the rotating process is told, and what it says to the bench when it is done.
 */

/** The fakes stand in elsewhere: their time is not Signet's. */
export interface RotationTask {
  readonly batches: number
  readonly s3: { readonly url: string; readonly bucket: string }
  readonly kmsUrl: string
}

/** What is compared with what it cannot do without. */
export const COMPARED = [
  'idle, S3',
  'idle, S3, many keys',
  'idle',
  'idle, many keys',
  'job',
  'create',
  'confirm',
] as const
export type Compared = (typeof COMPARED)[number]

export interface RotationFigures {
  readonly of: Compared
  /** `rotation`: by Signet. `alone`: what the rotation cannot do without. `plan`: the planner by itself. */
  readonly way: 'rotation' | 'alone' | 'plan'
  /** CPU time of one, of each batch. */
  readonly cpuMicros: readonly number[]
}
