/**
 * moto: KMS, IAM and S3 on one port, as its authors wrote them. Everything is in its memory.
 */

import { fileURLToPath } from 'node:url'
import { note } from '../../src/cli/output.ts'
import { freePort } from '../support/signet.ts'
import { installPackages } from './debian.ts'
import { run, startService, untilReady } from './processes.ts'

/** The differences are those of this version. */
const MOTO_VERSION = '5.2.1'
/** Of what `moto[server]` brings, the part that S3, KMS and IAM need: the rest takes a minute to install. */
const REQUIREMENTS = [`moto[s3]==${MOTO_VERSION}`, 'flask==3.1.3', 'flask-cors==6.0.5']
const ENVIRONMENT = fileURLToPath(new URL('../../dist/services/moto/', import.meta.url))
const ENVIRONMENT_PYTHON = `${ENVIRONMENT}bin/python3`

const IMPORT_MOTO = `import moto, moto.server; assert moto.__version__ == '${MOTO_VERSION}'`
const IMPORT_VENV = 'import ensurepip, venv'

/** Resolves to a Python that has moto; one is made under `dist/` where the machine has none. */
export async function prepareMoto(): Promise<string> {
  for (const python of ['python3', ENVIRONMENT_PYTHON]) {
    if (await canImport(python, IMPORT_MOTO)) return python
  }
  if (!(await canImport('python3', IMPORT_VENV))) await installPackages(['python3', 'python3-venv'])
  note(`installing moto ${MOTO_VERSION}`)
  await run(['python3', '-m', 'venv', '--clear', ENVIRONMENT])
  const pip = [ENVIRONMENT_PYTHON, '-m', 'pip', 'install']
  const options = ['--quiet', '--no-compile', '--disable-pip-version-check']
  await run([...pip, ...options, ...REQUIREMENTS])
  await run([ENVIRONMENT_PYTHON, '-c', IMPORT_MOTO])
  return ENVIRONMENT_PYTHON
}

/** Resolves to its URL, once it answers. */
export async function startMoto(python: string): Promise<string> {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const command = [python, '-m', 'moto.server', '--host', '127.0.0.1', '--port', port]
  await untilReady(startService('moto', command), async () => {
    const { ok } = await fetch(`${url}/moto-api/`)
    return ok
  })
  return url
}

async function canImport(python: string, statement: string): Promise<boolean> {
  return run([python, '-c', statement]).then(
    () => true,
    () => false,
  )
}
