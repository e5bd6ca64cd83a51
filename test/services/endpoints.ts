/**
 * How the tests find the services that were started for them: by environment variables, one a service.
 */

export const SERVICE_NAMES = ['moto', 'ceph'] as const
export type ServiceName = (typeof SERVICE_NAMES)[number]

/** moto takes whatever is given; the user of Ceph is made with these. */
export const CREDENTIALS = { accessKeyId: 'signet-test', secretAccessKey: 'signet-test-secret' }
export const REGION = 'us-east-1'

const VARIABLES = {
  moto: 'SIGNET_TEST_MOTO_URL',
  ceph: 'SIGNET_TEST_CEPH_URL',
} as const satisfies Record<ServiceName, string>

export function environmentOf(urls: ReadonlyMap<ServiceName, string>): Record<string, string> {
  return Object.fromEntries([...urls].map(([name, url]) => [VARIABLES[name], url]))
}

export interface StartedService {
  readonly name: ServiceName
  readonly url: string
}

/** Of those that are named, the services that this run has: all of them, unless a developer left some out. */
export function startedServices(
  names: readonly ServiceName[] = SERVICE_NAMES,
): readonly StartedService[] {
  return names.flatMap((name) => {
    const url = process.env[VARIABLES[name]]
    return url === undefined ? [] : [{ name, url }]
  })
}
