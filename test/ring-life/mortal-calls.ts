/**
 * The death of a job: from one of its calls on nothing of it reaches the outside any more.
 */

/** A process that may die at one of its calls. */
export interface Life {
  /** How many calls it made. */
  calls: number
  readonly hasDied: () => boolean
  /** Before `call` is made, and after it was made; throws once it is dead. */
  readonly before: () => void
  readonly after: () => void
}

export type Death =
  /** Nothing of the call is done. */
  | { readonly atCall: number; readonly when: 'before' }
  /** All of it is done, and nobody hears of it. */
  | { readonly atCall: number; readonly when: 'after' }

/** No fault of the product's: nothing may be made of it, as nothing is made of anything in a process that is gone. */
class Died extends Error {
  override readonly name = 'Died'
}

/** `death`: none unless told. */
export function lifeUntil(death?: Death): Life {
  let isDead = false
  const life: Life = {
    calls: 0,
    hasDied: () => isDead,
    before: () => {
      if (isDead) throw new Died('dead already')
      life.calls += 1
      if (death?.when === 'before') dieAt(death.atCall)
    },
    after: () => {
      if (isDead) throw new Died('dead already')
      if (death?.when === 'after') dieAt(death.atCall)
    },
  }

  function dieAt(call: number): void {
    if (life.calls < call) return
    isDead = true
    throw new Died(`died at call ${call}`)
  }

  return life
}

/** `port`, each of whose calls is one of `life`. Members that are no functions stay as they are. */
export function mortal<Port extends object>(port: Port, life: Life): Port {
  const members = Object.entries(port).map(([name, member]: [string, unknown]) =>
    typeof member === 'function' ? [name, mortalCall(member.bind(port), life)] : [name, member],
  )
  return Object.fromEntries(members) as Port
}

function mortalCall<Call extends (...given: never[]) => Promise<unknown>>(
  call: Call,
  life: Life,
): Call {
  const dying = async (...given: never[]): Promise<unknown> => {
    life.before()
    const answer = await call(...given)
    life.after()
    return answer
  }
  return dying as Call
}
