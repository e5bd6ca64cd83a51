/**
 * Lines that are held back until somebody has said what they have to say, and then pass at once.
 */

export interface HeldLines {
  readonly write: (line: string) => void
  /** Writes what was held, in its order. A second time it does nothing. */
  readonly release: () => void
}

/** `print`: where they go in the end. */
export function heldLines(print: (line: string) => void): HeldLines {
  const held: string[] = []
  let isHolding = true
  return {
    write: (line) => {
      if (isHolding) held.push(line)
      else print(line)
    },
    release: () => {
      isHolding = false
      for (const line of held.splice(0)) print(line)
    },
  }
}
