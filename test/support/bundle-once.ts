/**
 * Builds the Worker once before the tests: they run the bundle that is deployed.
 */

export { writeWorkerBundle as default } from '../../functions/bundle.ts'
