/**
 * Which hosts key sets are fetched from: public ones, so that a policy cannot have this host ask what it alone can reach.
 *
 * Of names, only those are known here that mean this machine; what another name leads to is for whoever resolves it.
 */

/** What is not "globally reachable" in IANA's registry of special-purpose addresses, and multicast. */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(ipv4Range)

/** `2000::/3` is all that is given out (RFC 4291 §2.4). */
const GLOBAL_UNICAST = ipv6Range('2000::/3')
/** Of it: protocol assignments with Teredo and benchmarks, and documentation. */
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '3fff::/20'].map(ipv6Range)

/** Addresses that lead to an IPv4 address, and where that stands in them: mapped, NAT64 (RFC 6052), 6to4 (RFC 3056). */
const LEADING_TO_IPV4 = [
  { range: ipv6Range('::ffff:0:0/96'), at: 12 },
  { range: ipv6Range('64:ff9b::/96'), at: 12 },
  { range: ipv6Range('2002::/16'), at: 2 },
]

type Bytes = readonly number[]

interface Range {
  readonly prefix: Bytes
  readonly bits: number
}

/**
 * What is wrong with the host of a URL that keys are to be fetched from, as the end of a sentence about it, or `undefined`.
 * `allowLoopback`: whether this is a development installation, which finds issuers on its own machine.
 */
export function addressProblem(url: URL, allowLoopback: boolean): string | undefined {
  if (allowLoopback && isLoopbackHost(url)) return undefined
  const { hostname } = url
  const bytes = addressOf(hostname)
  if (bytes === undefined ? !isLoopbackHost(url) : isPublic(bytes)) return undefined
  return `has the host ${hostname}, which is private, local or reserved: keys are fetched from public hosts alone`
}

/** Whether the host of a URL is this machine, by an address or by name (RFC 6761 §6.3). */
export function isLoopbackHost({ hostname }: URL): boolean {
  const bytes = addressOf(hostname)
  if (bytes === undefined) return /^(?:.*\.)?localhost\.?$/.test(hostname)
  return bytes.length === 4 ? bytes[0] === 127 : hostname === '[::1]'
}

/** `ip`: an IPv4 or IPv6 address as resolvers give it. False for anything else, an address with a zone too. */
export function isPublicAddress(ip: string): boolean {
  if (!/^[\da-f:.]+$/i.test(ip)) return false
  // One parser for all spellings of an address.
  const url = URL.parse(ip.includes(':') ? `http://[${ip}]/` : `http://${ip}/`)
  const bytes = url === null ? undefined : addressOf(url.hostname)
  return bytes !== undefined && isPublic(bytes)
}

function isPublic(address: Bytes): boolean {
  if (address.length === 4) return !NOT_PUBLIC_IPV4.some((range) => isWithin(range, address))
  const leading = LEADING_TO_IPV4.find(({ range }) => isWithin(range, address))
  if (leading !== undefined) return isPublic(address.slice(leading.at, leading.at + 4))
  return (
    isWithin(GLOBAL_UNICAST, address) && !NOT_PUBLIC_IPV6.some((range) => isWithin(range, address))
  )
}

function isWithin({ prefix, bits }: Range, address: Bytes): boolean {
  return prefix.every((byte, index) => {
    const ignored = Math.min(8, Math.max(0, 8 * (index + 1) - bits))
    return byte >> ignored === (address[index] ?? 0) >> ignored
  })
}

/** `hostname`: as `URL` has it, which gives each address one spelling. `undefined` for a name. */
function addressOf(hostname: string): Bytes | undefined {
  if (hostname.startsWith('[')) return ipv6Bytes(hostname.slice(1, -1))
  return /^\d+(?:\.\d+){3}$/.test(hostname) ? ipv4Bytes(hostname) : undefined
}

function ipv4Bytes(text: string): Bytes {
  return text.split('.').map(Number)
}

/** Groups of hex digits, and at most one `::` for those that are zero. */
function ipv6Bytes(text: string): Bytes {
  const [head = [], tail = []] = text.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

function ipv4Range(text: string): Range {
  return rangeOf(text, ipv4Bytes)
}

function ipv6Range(text: string): Range {
  return rangeOf(text, ipv6Bytes)
}

function rangeOf(text: string, bytesOf: (address: string) => Bytes): Range {
  const [address = '', bits = ''] = text.split('/')
  return { prefix: bytesOf(address), bits: Number(bits) }
}
