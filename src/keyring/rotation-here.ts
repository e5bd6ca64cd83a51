/**
 * The port for rotation, performed by this process.
 */

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
    sweep: (issuerId, options = {}) => sweepIssuer(deps, issuerId, options),
  }
}
