/**
 * Turns, round by round: noise of the machine falls on all that is compared.
 */

/**
 * What `run` gives for each subject, one a round. Every other round goes backwards, so that none always runs after the same
 * one.
 */
export async function inRounds<Subject, Result>(
  subjects: readonly Subject[],
  rounds: number,
  run: (subject: Subject) => Promise<Result>,
): Promise<readonly Result[][]> {
  const results = subjects.map((): Result[] => [])
  for (let round = 0; round < rounds; round += 1) {
    const order = [...subjects.entries()]
    if (round % 2 === 1) order.reverse()
    for (const [index, subject] of order) results[index]?.push(await run(subject))
  }
  return results
}
