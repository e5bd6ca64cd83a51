/**
 * Ceph RADOS Gateway: the S3 of a real object store, on a cluster of one monitor and one OSD that is in memory.
 */

import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../support/signet.ts'
import { cephConfig, type CephPlace, monitorAddress } from './ceph-config.ts'
import { areCommands, installPackages } from './debian.ts'
import { CREDENTIALS } from './endpoints.ts'
import { run, startService, untilReady } from './processes.ts'

/** `ceph` itself and `monmaptool` come with them. */
const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd']
const COMMANDS = [...PACKAGES, 'radosgw-admin', 'ceph', 'monmaptool']

export async function prepareCeph(): Promise<void> {
  if (!(await areCommands(COMMANDS))) await installPackages(PACKAGES)
}

/** Resolves to the URL of its S3, once it answers. Everything is in the directory, which must be empty. */
export async function startCeph(directory: string): Promise<string> {
  const place: CephPlace = {
    directory,
    clusterId: randomUUID(),
    monitorPort: await freePort(),
    gatewayPort: await freePort(),
  }
  const config = join(directory, 'ceph.conf')
  await writeFile(config, cephConfig(place))
  for (const name of ['monitor', 'osd', 'gateway']) await mkdir(join(directory, name))
  const command = (name: string, ...args: string[]) => [name, '-c', config, ...args]

  await startMonitor(place, command)
  await startOsd(command)
  await run(command('radosgw-admin', 'user', 'create', ...USER))
  return startGateway(place, command)
}

type Command = (name: string, ...args: string[]) => readonly string[]

/** With as many buckets as it wants. */
const USER = Object.entries({
  uid: 'signet',
  'display-name': 'Signet',
  'access-key': CREDENTIALS.accessKeyId,
  'secret-key': CREDENTIALS.secretAccessKey,
  'max-buckets': '0',
}).map(([name, value]) => `--${name}=${value}`)

async function startMonitor(place: CephPlace, command: Command): Promise<void> {
  const map = join(place.directory, 'monmap')
  const address = `[${monitorAddress(place)}]`
  await run(['monmaptool', '--create', '--fsid', place.clusterId, '--addv', 'a', address, map])
  await run(command('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map))
  const monitor = startService('ceph-mon', command('ceph-mon', '-f', '-i', 'a'))
  await untilReady(monitor, async () => {
    await run(command('ceph', '--connect-timeout', '5', 'health'))
    return true
  })
}

async function startOsd(command: Command): Promise<void> {
  const id = randomUUID()
  await run(command('ceph', 'osd', 'new', id))
  await run(command('ceph-osd', '--mkfs', '-i', '0', '--osd-uuid', id))
  await untilReady(startService('ceph-osd', command('ceph-osd', '-f', '-i', '0')), async () => {
    const status: unknown = JSON.parse(await run(command('ceph', 'osd', 'stat', '-f', 'json')))
    return (status as { readonly num_up_osds: number }).num_up_osds === 1
  })
}

async function startGateway({ gatewayPort }: CephPlace, command: Command): Promise<string> {
  const url = `http://127.0.0.1:${gatewayPort}`
  const gateway = startService('radosgw', command('radosgw', '-f', '-n', 'client.gateway'))
  await untilReady(gateway, async () => {
    const { ok } = await fetch(url)
    return ok
  })
  return url
}
