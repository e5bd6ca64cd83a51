import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { expect, test } from 'vitest'
import { WORKER_CRONS, WORKER_RUNTIME } from '../../functions/worker/runtime.ts'

test('wrangler.toml deploys to the runtime that the Worker is tried in', async () => {
  const text = await readFile(join(import.meta.dirname, '../../wrangler.toml'), 'utf8')
  const { DOCUMENTS, DIRECTORY } = WORKER_RUNTIME.durableObjects
  expect(parse(text)).toMatchObject({
    name: WORKER_RUNTIME.name,
    main: 'dist/worker/index.js',
    no_bundle: true,
    compatibility_date: WORKER_RUNTIME.compatibilityDate,
    compatibility_flags: WORKER_RUNTIME.compatibilityFlags,
    kv_namespaces: WORKER_RUNTIME.kvNamespaces.map((binding) => ({ binding })),
    durable_objects: {
      bindings: [
        { name: 'DOCUMENTS', class_name: DOCUMENTS.className },
        { name: 'DIRECTORY', class_name: DIRECTORY.className },
      ],
    },
    migrations: [{ tag: 'v1', new_sqlite_classes: [DOCUMENTS.className, DIRECTORY.className] }],
    ratelimits: Object.entries(WORKER_RUNTIME.ratelimits).map(([name, limit]) => ({
      name,
      ...limit,
    })),
    triggers: { crons: Object.values(WORKER_CRONS) },
    observability: { enabled: true },
  })
})
