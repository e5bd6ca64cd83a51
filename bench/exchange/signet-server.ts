/**
 * Signet on Node: the whole host over documents in memory. Beside it, in the same process, everything that an exchange is
 * compared with.
 *
 * Its log makes each line and writes it nowhere.
 */

import { memoryStore } from '../../src/adapters/storage/memory.ts'
import { nodeSha256 } from '../../functions/lambda/node-sha256.ts'
import { createWholeHost } from '../../src/host/whole-host.ts'
import { jsonLog } from '../../src/log.ts'
import { publicIssuersFromDocuments } from '../../src/reading/public-issuers.ts'
import { serveWithHono } from '../node/listen.ts'
import { hostPorts, PUBLIC_URL } from '../signet-seed.ts'
import { answerBarely } from './bare-answer.ts'
import { readSettings, sayListening, takeWork } from './server-process.ts'
import { createExchangingIssuers } from './signet-exchange.ts'
import { signetWorks } from './signet-works.ts'

const settings = readSettings()
const documents = memoryStore()
const ports = hostPorts(documents, publicIssuersFromDocuments(documents))
// As the function on AWS Lambda hashes.
const host = createWholeHost({ ...ports, sha256: nodeSha256, log: jsonLog(() => {}) })
const answer = async (request: Request): Promise<Response> => host.fetch(request)
await createExchangingIssuers(answer, PUBLIC_URL, settings.jwks)
const works = await signetWorks(ports, settings.posts)

takeWork(async ({ work, count }) => {
  const perform = works.get(work)
  if (perform === undefined) throw new TypeError(`no work ${work}`)
  await perform(count)
})
serveWithHono(answerBarely, (barePort) => {
  serveWithHono(
    (request) => host.fetch(request),
    (port) => sayListening({ port, barePort }),
  )
})
