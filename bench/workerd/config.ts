/**
 * Configurations of `workerd serve`, in its own language (Cap'n Proto text): the Worker, and bare handlers.
 */

import { WORKER_RUNTIME } from '../../functions/worker/runtime.ts'

/** A port of its own for each; 0 stands for a free one. */
const ADDRESS = '"127.0.0.1:0"'

export interface WorkerConfig {
  /** The module's file, relative to the configuration. */
  readonly module: string
  readonly settings: Readonly<Record<string, string>>
  readonly kvPort: number
  /** An absolute path, where Durable Objects keep their documents. Default: in memory, where they cannot. */
  readonly objects?: string | undefined
}

/** The Worker as it is deployed, but for Workers KV, which is a server at `kvPort`. */
export function workerConfig({ module, settings, kvPort, objects: disk }: WorkerConfig): string {
  const objects = Object.entries(WORKER_RUNTIME.durableObjects)
  const bindings = [
    ...Object.entries(settings).map(
      ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
    ),
    ...WORKER_RUNTIME.kvNamespaces.map((name) => `(name = ${quoted(name)}, kvNamespace = "kv")`),
    ...objects.map(
      ([name, { className }]) =>
        `(name = ${quoted(name)}, durableObjectNamespace = ${quoted(className)})`,
    ),
  ]
  const namespaces = objects.map(([, { className, useSQLite }]) => {
    const members = [
      `className = ${quoted(className)}`,
      `uniqueKey = ${quoted(className)}`,
      `enableSql = ${useSQLite}`,
    ]
    return `(${members.join(', ')})`
  })
  const worker = [
    ...headOf(module),
    `bindings = [${bindings.join(', ')}]`,
    `durableObjectNamespaces = [${namespaces.join(', ')}]`,
    `durableObjectStorage = (${disk === undefined ? 'inMemory = void' : 'localDisk = "disk"'})`,
  ]
  return configOf(
    [
      `(name = "worker", worker = (${worker.join(', ')}))`,
      `(name = "kv", external = (address = ${quoted(`127.0.0.1:${kvPort}`)}, http = ()))`,
      ...(disk === undefined
        ? []
        : [`(name = "disk", disk = (path = ${quoted(disk)}, writable = true))`]),
    ],
    ['worker'],
  )
}

/** One handler a module, each at a socket of its own, named after the module. */
export function bareConfig(modules: readonly string[]): string {
  const services = modules.map(
    (module) => `(name = ${quoted(module)}, worker = (${headOf(module).join(', ')}))`,
  )
  return configOf(services, modules)
}

function headOf(module: string): string[] {
  const { compatibilityDate, compatibilityFlags } = WORKER_RUNTIME
  return [
    `modules = [(name = "index.js", esModule = embed ${quoted(module)})]`,
    `compatibilityDate = ${quoted(compatibilityDate)}`,
    `compatibilityFlags = [${compatibilityFlags.map(quoted).join(', ')}]`,
  ]
}

function configOf(services: readonly string[], served: readonly string[]): string {
  const sockets = served.map(
    (name) =>
      `(name = ${quoted(name)}, address = ${ADDRESS}, http = (), service = ${quoted(name)})`,
  )
  return [
    'using Workerd = import "/workerd/workerd.capnp";',
    'const config :Workerd.Config = (',
    `  services = [${services.join(', ')}],`,
    `  sockets = [${sockets.join(', ')}],`,
    ');',
    '',
  ].join('\n')
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
