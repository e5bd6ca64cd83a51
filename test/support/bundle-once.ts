/**
 * Builds the Worker and the functions once before the tests: they run the bundles that are deployed.
 */

export { writeBundles as default } from '../../functions/bundle.ts'
