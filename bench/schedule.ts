/**
 * How long everything takes.
 */

export interface Schedule {
  /** One sentence for the reader. */
  readonly remark: string
  /** Many short rounds rather than few long ones: noise comes in spells, and then falls on whole rounds. */
  readonly rounds: number
  /** Of one run at saturation. */
  readonly saturateMs: number
  /** Of one run at the fixed rate. */
  readonly paceMs: number
  readonly warmMs: number
  /** How often every path is asked for before anything is measured. */
  readonly warmPasses: number
  /** How often each process is started whose start is measured. */
  readonly starts: number
  /** How many batches each way of signing, and of rotating, makes. */
  readonly batches: number
}

/** About nine minutes. */
export const FULL: Schedule = {
  remark:
    'Figures are medians over interleaved rounds: 11 of load, 21 of starts, of signatures and of rotations.',
  rounds: 11,
  saturateMs: 350,
  paceMs: 350,
  warmMs: 2000,
  warmPasses: 3,
  starts: 21,
  batches: 21,
}

/** About a minute: to try the bench itself. */
export const QUICK: Schedule = {
  remark: 'Figures are medians over 3 short rounds: for trying the bench, not for comparing.',
  rounds: 3,
  saturateMs: 250,
  paceMs: 250,
  warmMs: 500,
  warmPasses: 2,
  starts: 3,
  batches: 3,
}
