/**
 * Secrets of the Worker, as `.dev.vars.example` lists them: each with the comment above it.
 */

export interface WorkerSecret {
  readonly name: string
  /** What it is for. */
  readonly meaning: string
}

export function workerSecrets(example: string): WorkerSecret[] {
  const lines = example.split('\n')
  return lines.flatMap((line, index) => {
    const name = /^(\w+)=/.exec(line)?.[1]
    const comment = /^# (.+)$/.exec(lines[index - 1] ?? '')?.[1]
    return name === undefined ? [] : [{ name, meaning: comment ?? '' }]
  })
}
