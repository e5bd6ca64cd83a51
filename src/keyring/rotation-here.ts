/**
 * The port for rotation, performed by this process.
 */

import { copiesChecked, publishCopies } from './copies-after-run.ts'
import { prepareKeys } from './prepare-keys.ts'
import { rotateIssuer } from './rotate-issuer.ts'
import type { RotationDeps } from './rotation-deps.ts'
import type { Rotation } from './rotation.ts'
import { sweepIssuer } from './sweep-issuer.ts'

/** Rotation by this process, which may make keys. */
export function rotationHere(deps: RotationDeps): Rotation {
  return {
    prepare: (document, now) => prepareKeys(deps, document, now),
    run: (issuerId, options = {}) => rotateIssuer(deps, issuerId, options),
    sweep: async (issuerId, options = {}) => {
      const report = await sweepIssuer(deps, issuerId, options)
      const isWhole = options.dryRun !== true && options.takeBack === undefined
      if (isWhole) await copiesChecked(deps, issuerId)
      return report
    },
    publish: (issuerId) => publishCopies(deps, issuerId),
  }
}
