/**
 * The objects of the real Worker, where the tests inside workerd find them.
 */

export { DirectoryObject, DocumentObject } from '../../functions/worker/objects.ts'

export default {}
