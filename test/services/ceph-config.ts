/**
 * The configuration of a Ceph cluster of one node, in one directory, on the loopback interface, without a system path.
 */

export interface CephPlace {
  readonly directory: string
  /** A UUID. */
  readonly clusterId: string
  readonly monitorPort: number
  readonly gatewayPort: number
}

export function monitorAddress({ monitorPort }: CephPlace): string {
  return `v2:127.0.0.1:${monitorPort}`
}

export function cephConfig(place: CephPlace): string {
  const { directory, clusterId, gatewayPort } = place
  return `[global]
fsid = ${clusterId}
mon_host = ${monitorAddress(place)}
public_bind_addr = ${monitorAddress(place)}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr1 = false

# Without authentication there is no key to encrypt connections with.
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_cluster_mode = crc
ms_mon_service_mode = crc
ms_mon_client_mode = crc

run_dir = ${directory}
mon_data = ${directory}/monitor
osd_data = ${directory}/osd
rgw_data = ${directory}/gateway
crash_dir = ${directory}
keyring = ${directory}/keyring
admin_socket =
pid_file =
log_file =
log_to_stderr = true
mon_cluster_log_to_file = false

# A single copy, in memory.
osd_objectstore = memstore
memstore_device_bytes = 1073741824
osd_crush_chooseleaf_type = 0
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true

# A monitor alone has nobody to wait for: each of a dozen changes at the start would take a second.
paxos_propose_interval = 0.02
paxos_min_wait = 0.01

# Whatever else fills the disk, the cluster starts.
mon_data_avail_crit = 0
mon_data_avail_warn = 0

rgw_frontends = beast endpoint=127.0.0.1:${gatewayPort}
rgw_enable_apis = s3
`
}
