import { memoryStaticCopies } from '../../src/adapters/storage/memory-static-copies.ts'
import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { describeDocumentStore } from './document-store.ts'
import { describeStaticCopyStore } from './static-copy-store.ts'

describeDocumentStore('memory', memoryStore)

describeStaticCopyStore('memory', memoryStaticCopies)
