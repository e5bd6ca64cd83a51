import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { describeDocumentStore } from './document-store.ts'

describeDocumentStore('memory', memoryStore)
