import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { bundleForNode } from '../../../functions/bundle.ts'
import { functionUrlEvent, httpApiEvent } from '../../support/hosts/lambda-events.ts'
import { type LambdaOptions, startLambda } from '../../support/hosts/lambda-runtime.ts'
import { openEntrance } from '../../support/hosts/public-entrance.ts'

const HANDLER = fileURLToPath(
  new URL('../../../src/adapters/lambda/lambda-handler.ts', import.meta.url),
)
const SDK = fileURLToPath(import.meta.resolve('@aws-sdk/client-s3'))

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signet-lambda-'))
})
afterAll(() => rm(directory, { recursive: true }))

let moduleCount = 0
async function moduleOf(source: string): Promise<string> {
  moduleCount += 1
  const path = join(directory, `module-${moduleCount}.mjs`)
  await writeFile(path, source)
  return path
}

async function started<Answer>(source: string, env: LambdaOptions['env'] = {}) {
  const runtime = await startLambda<Answer>({ bundle: await moduleOf(source), env })
  onTestFinished(() => runtime.close())
  return runtime
}

/** An entry point over the real handler, bundled as the functions are. */
async function bundled(fetchBody: string): Promise<string> {
  const entry = await moduleOf(`
    import { lambdaHandler } from ${JSON.stringify(HANDLER)}
    const loaded = process.moduleLoadList.some((name) => name.includes('deps/undici'))
    export const handler = lambdaHandler({
      log: (level, event) => console[level](event),
      fetch: async (request) => { ${fetchBody} },
    })`)
  const bundle = join(directory, `bundle-${moduleCount}`, 'index.mjs')
  await bundleForNode(entry, bundle)
  return bundle
}

test('a bundle answers the events of both entrances', async () => {
  const bundle = await bundled('return Response.json([request.method, request.url, loaded])')
  const runtime = await startLambda({ bundle, env: {} })
  onTestFinished(() => runtime.close())
  const request = { method: 'PUT', rawPath: '/a?b=c', headers: { Host: 'a.example' } }
  for (const event of [httpApiEvent({ ...request, stage: 'prod' }), functionUrlEvent(request)]) {
    // `true`: what is slow to load is there before the first event.
    expect(await runtime.invoke(event)).toMatchObject({
      statusCode: 200,
      body: '["PUT","https://a.example/a?b=c",true]',
    })
  }
  expect(await runtime.invoke('odd')).toMatchObject({ statusCode: 400 })
  expect(runtime.logLines()).toEqual(['event_refused'])
})

test('a bundle has the AWS SDK in it, which runs', async () => {
  const bundle = await bundled(`
    const { S3Client, HeadBucketCommand } = await import(${JSON.stringify(SDK)})
    const client = new S3Client({
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    })
    const error = await client.send(new HeadBucketCommand({ Bucket: 'b' })).catch((thrown) => thrown)
    return Response.json([error.message])`)
  const runtime = await startLambda({ bundle, env: {} })
  onTestFinished(() => runtime.close())
  const { body } = await runtime.invoke(httpApiEvent())
  expect(body).toBe('["connect ECONNREFUSED 127.0.0.1:1"]')
  const text = await readFile(bundle, 'utf8')
  // What esbuild leaves where a module cannot be had but by \`require\`, which an ES module has not.
  expect(text).not.toContain('Dynamic require of')
  expect(text).not.toMatch(/from\s*"@aws-sdk/)
})

test('a bundle has a source map beside it, without the sources', async () => {
  const bundle = await bundled('return new Response(request.url)')
  expect(await readFile(bundle, 'utf8')).toMatch(/\n\/\/# sourceMappingURL=index\.mjs\.map\n$/)
  const map = JSON.parse(await readFile(`${bundle}.map`, 'utf8')) as Record<string, unknown>
  expect(map['sources']).toContainEqual(expect.stringMatching(/lambda-handler\.ts$/))
  expect(map['sourcesContent']).toBeUndefined()
})

test('source that does not build says what is wrong', async () => {
  const entry = await moduleOf('export { missing } from "./nowhere.mjs"')
  await expect(bundleForNode(entry, join(directory, 'never/index.mjs'))).rejects.toThrow(
    /Could not resolve "\.\/nowhere\.mjs"/,
  )
})

test('the environment is the one that is given and no other', async () => {
  const source = 'export const handler = async () => process.env'
  const runtime = await started<Record<string, string>>(source, { AWS_REGION: 'eu-central-1' })
  expect(await runtime.invoke({})).toEqual({ AWS_REGION: 'eu-central-1' })
})

test('hosts that a test has are asked where they are, and others as ever', async () => {
  const entrance = await openEntrance()
  onTestFinished(() => entrance[Symbol.asyncDispose]())
  entrance.lead(async (method, path) => ({ status: 200, headers: {}, body: `${method} ${path}` }))
  const source = `export const handler = async (url) => {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) })
    return response.text()
  }`
  const hosts = { 'oidc.signet.internal': entrance.url }
  const runtime = await startLambda<string>({ bundle: await moduleOf(source), env: {}, hosts })
  onTestFinished(() => runtime.close())
  expect(await runtime.invoke('https://oidc.signet.internal/a?b=c')).toBe('GET /a?b=c')
  expect(await runtime.invoke(`${entrance.url}/d`)).toBe('GET /d')
  await expect(runtime.invoke('https://other.signet.internal/')).rejects.toThrow('fetch failed')
})

test('events and answers pass as JSON, and what is none is null', async () => {
  const runtime = await started<unknown>(`
    export const handler = async (event) => event === 'nothing' ? undefined : { event, bytes: new Uint8Array(1), gone: undefined }
  `)
  const event = { a: undefined, b: new Date(0) }
  const json = { event: { b: '1970-01-01T00:00:00.000Z' }, bytes: { 0: 0 } }
  expect(await runtime.invoke(event)).toEqual(json)
  expect(await runtime.invoke(undefined)).toMatchObject({ event: null })
  expect(await runtime.invoke('nothing')).toBeNull()
})

test('what was written is there with the answer', async () => {
  const runtime = await started<unknown>(`
    console.info('loaded')
    export const handler = async (event) => {
      for (let line = 0; line < 500; line += 1) console.info('out ' + event + ' ' + line)
      console.error('error ' + event)
      process.stdout.write('begun ' + event)
    }`)
  for (const event of [1, 2]) {
    await runtime.invoke(event)
    expect(runtime.logLines()).toHaveLength(1 + 502 * event)
    expect(runtime.logLines()).toEqual(
      expect.arrayContaining([`out ${event} 499`, `error ${event}`, `begun ${event}`]),
    )
  }
})

test('events that overlap get each its own answer', async () => {
  const runtime = await started<unknown>(`
    const waiting = []
    export const handler = (event) => new Promise((resolve) => {
      waiting.push(() => resolve(event))
      if (waiting.length === 3) for (const answer of waiting.toReversed()) answer()
    })`)
  const events = [1, 2, 3]
  expect(await Promise.all(events.map((event) => runtime.invoke(event)))).toEqual(events)
})

test.each<[title: string, source: string, message: string]>([
  ['throws', 'throw new TypeError("not configured")', 'not configured'],
  ['has no handler', 'export const handle = () => {}', 'the module exports no handler'],
  ['does not parse', 'export const =', "Unexpected token '='"],
  ['ends the process', 'process.exit(1)', 'the function is gone'],
])('a module that %s does not start', async (_title, source, message) => {
  await expect(started(source)).rejects.toThrow(message)
})

test('a handler that throws fails its invocation alone', async () => {
  const runtime = await started<unknown>(`
    export const handler = async (event) => { if (event === 'bad') throw new Error('thrown'); return event }`)
  await expect(runtime.invoke('bad')).rejects.toThrow('thrown')
  expect(await runtime.invoke('good')).toBe('good')
})

test('a rejection that nobody handles ends the function', async () => {
  const runtime = await started<unknown>(`
    export const handler = () => { Promise.reject(new Error('unhandled')); return new Promise(() => {}) }`)
  await expect(runtime.invoke({})).rejects.toThrow('unhandled')
  await expect(runtime.invoke({})).rejects.toThrow('unhandled')
})

test('a function that is closed answers no more', async () => {
  const runtime = await started<unknown>('export const handler = () => new Promise(() => {})')
  const pending = runtime.invoke({}).catch(({ message }: Error) => message)
  await runtime.close()
  expect(await pending).toBe('the function is gone')
  await expect(runtime.invoke({})).rejects.toThrow('the function is gone')
})
