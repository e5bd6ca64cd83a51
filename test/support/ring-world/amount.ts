/**
 * How many histories a property lives through, and for how long it may.
 *
 * RING_HISTORIES: how many of each kind. RING_SECONDS: how long each kind may take until one fails; on a slow machine, more.
 */

const { RING_HISTORIES, RING_SECONDS } = process.env

/** Far more than the usual histories take anywhere; whoever wants more histories has more time. */
const SECONDS_USUAL = RING_HISTORIES === undefined ? 180 : 3600

export const SEARCHING_MS_MAX =
  1000 * (RING_SECONDS === undefined ? SECONDS_USUAL : Number(RING_SECONDS))

/** A failure in a long history takes its time to be made short. */
export const SHRINKING_MS_MAX = 180_000

/** Of a test: so that it ends by what it has to say. */
export const LONG_MS = SEARCHING_MS_MAX + SHRINKING_MS_MAX + 60_000

/** What a property says that has lived through fewer histories than it was asked for. */
export const CUT_SHORT = 'cut short'

/** `usual`: where RING_HISTORIES does not say another. */
export function histories(usual: number): number {
  return RING_HISTORIES === undefined ? usual : Number(RING_HISTORIES)
}
