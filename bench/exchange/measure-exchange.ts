/**
 * The section of token exchange: what one costs, beside the two signatures that it cannot do without and beside a peer.
 */

import { type SigningAlgorithm, SIGNING_ALGORITHMS } from '../../src/crypto/algorithms.ts'
import { stopChildren } from '../children.ts'
import type { Load } from '../load/load-process.ts'
import { besideOthers } from '../others.ts'
import type { Place } from '../place.ts'
import { type Aim, printOthers } from '../report.ts'
import type { Schedule } from '../schedule.ts'
import { nodeAims, workerdAims } from './exchange-aims.ts'
import { type ExchangeServer, exchangeTarget, subjectTokensFor } from './exchange-server.ts'
import { PEER, SIGNET, type SignetServer, startNodeServers } from './node-servers.ts'
import { type Part, printExchanges, printParts } from './report-exchange.ts'
import { makeSubjectKeys, type SubjectKeys } from './subjects.ts'
import { tokenRequest } from './token-request.ts'
import { measureWays, type Way, wayAlone, wayUnderLoad } from './ways.ts'
import { performLimit, startWorkerServers, WORKER } from './worker-servers.ts'
import { limitWork, STEPS, type Step, stepWork } from './works.ts'

const LIMIT = 'verify and sign alone'
const BARE = 'one answer for all'
/** In one go; 100 ms or so. */
const LIMIT_COUNTS = { RS256: 250, ES256: 750 } as const
const STEP_COUNT = 1500
const BARE_ANSWER = '\\{"access_token":"a+"\\}'

interface Asking {
  readonly alg: SigningAlgorithm
  readonly schedule: Schedule
  readonly keys: SubjectKeys
}

const PARTS: Readonly<Record<Step, string>> = {
  form: 'form read',
  parse: 'subject token parsed',
  verify: 'its signature verified',
  policy: 'policy evaluated',
  sign: 'token made and signed',
  audit: 'audit record',
}

export async function measureExchange(place: Place, schedule: Schedule): Promise<Aim[]> {
  const keys = await makeSubjectKeys()
  return [
    ...(await measureNode(place, schedule, keys)),
    ...(await measureWorkerd(place, schedule, keys)),
  ]
}

async function measureNode(place: Place, schedule: Schedule, keys: SubjectKeys): Promise<Aim[]> {
  const { load } = place
  const { signet, peer } = await startNodeServers(place, keys)
  const ways: Way[] = []
  for (const alg of SIGNING_ALGORITHMS) {
    const asking = { alg, schedule, keys }
    ways.push(await exchangeWay(load, signet, asking), await exchangeWay(load, peer, asking))
    ways.push(await bareWay(load, signet, asking))
    const limit = { work: limitWork(alg), count: LIMIT_COUNTS[alg] }
    ways.push(wayAlone({ name: LIMIT, alg }, () => signet.perform(limit)))
    for (const step of STEPS) {
      const count = step === 'sign' ? LIMIT_COUNTS[alg] : STEP_COUNT
      const command = { work: stepWork(alg, step), count }
      ways.push(wayAlone({ name: step, alg }, () => signet.perform(command)))
    }
  }
  const { result: all, others } = await besideOthers(() => measureWays(ways, schedule))
  printExchanges('Token exchange on Node', all, [SIGNET, PEER, LIMIT])
  const parts: readonly Part[] = [
    { name: BARE, what: 'HTTP: the same server, whose answer is always the same' },
    ...STEPS.map((step) => ({ name: step, what: PARTS[step] })),
  ]
  printParts(
    'Where the time of Signet goes on Node: its parts alone, in one process',
    all,
    SIGNET,
    parts,
  )
  printOthers(others)
  await stopChildren([signet.pid, peer.pid])
  const names = { ours: SIGNET, limit: LIMIT, peer: PEER }
  return SIGNING_ALGORITHMS.flatMap((alg) => nodeAims(all, alg, names))
}

async function measureWorkerd(place: Place, schedule: Schedule, keys: SubjectKeys): Promise<Aim[]> {
  const { load } = place
  const { worker, limit } = await startWorkerServers(place, keys)
  const ways: Way[] = []
  for (const alg of SIGNING_ALGORITHMS) {
    ways.push(await exchangeWay(load, worker, { alg, schedule, keys }))
    const run = () => performLimit(place, limit, alg, LIMIT_COUNTS[alg])
    ways.push(wayAlone({ name: LIMIT, alg }, run))
  }
  const { result: all, others } = await besideOthers(() => measureWays(ways, schedule))
  printExchanges('Token exchange in workerd', all, [WORKER, LIMIT])
  printOthers(others)
  await stopChildren([worker.pid, limit.pid])
  const names = { ours: WORKER, limit: LIMIT }
  return SIGNING_ALGORITHMS.flatMap((alg) => workerdAims(all, alg, names))
}

async function exchangeWay(
  load: Load,
  server: ExchangeServer,
  { alg, schedule, keys }: Asking,
): Promise<Way> {
  const tokens = await subjectTokensFor(server.endpointOf(alg), keys)
  const target = await exchangeTarget(load, server, alg, tokens)
  return wayUnderLoad(load, target, { name: server.name, alg }, schedule)
}

/** Requests of the same length, which are read and no more. */
async function bareWay(
  load: Load,
  { pid, barePort: port, endpointOf }: SignetServer,
  { alg, schedule, keys }: Asking,
): Promise<Way> {
  const { tokenPath, ...endpoint } = endpointOf(alg)
  const tokens = await subjectTokensFor({ tokenPath, ...endpoint }, keys)
  const list = `${BARE}, ${alg}`
  const posts = tokens.map((token) => tokenRequest(tokenPath, token, endpoint.further))
  await load.learn(
    list,
    posts.map((post) => ({ ...post, answer: BARE_ANSWER })),
  )
  const { pace: _, ...way } = wayUnderLoad(load, { pid, port, list }, { name: BARE, alg }, schedule)
  return way
}
