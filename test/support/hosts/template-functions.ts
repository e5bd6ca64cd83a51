/**
 * The functions of a template: each with the code and the environment that the template gives it, and the credentials of its
 * role.
 */

import { join } from 'node:path'
import type { LambdaName } from '../../../functions/bundle.ts'
import type { Synthesized } from '../synthesized.ts'
import { FAKE_REGION } from '../aws/kms-fake-answers.ts'
import { type PhysicalNames, resolved } from '../aws/template.ts'
import type { TestClock } from './in-process.ts'
import { type LambdaRuntime, startLambda } from './lambda-runtime.ts'
import { accessKeyOf } from './template-iam.ts'

/** `hangs`: it answers nothing in any time that somebody waits. */
export type FunctionFault = 'throws' | 'hangs' | { readonly status: number }

export interface TemplateFunction {
  readonly arn: string
  /** Rejects when the function does. */
  invoke(event: unknown): Promise<unknown>
  /** What becomes of its events from then on; `undefined`: it runs. */
  setFault(fault: FunctionFault | undefined): void
  logLines(): readonly string[]
  close(): Promise<void>
}

export interface TemplateFunctionOptions {
  readonly synthesized: Synthesized
  readonly names: PhysicalNames
  /** Where the fakes are, by the settings of the SDK. */
  readonly endpoints: Readonly<Record<string, string>>
  readonly clock: TestClock
  /** As the functions' `fetch` finds hosts. */
  readonly hosts: Readonly<Record<string, string>>
}

export async function startTemplateFunction(
  name: LambdaName,
  { synthesized, names, endpoints, clock, hosts }: TemplateFunctionOptions,
): Promise<TemplateFunction> {
  const { logicalId, environment, role } = synthesized.functionNamed(name)
  const runtime: LambdaRuntime<unknown> = await startLambda<unknown>({
    bundle: join(synthesized.assetDirectory(logicalId), 'index.mjs'),
    env: {
      ...(resolved(environment, names) as Readonly<Record<string, string>>),
      ...givenByLambda(role),
      ...endpoints,
    },
    clock,
    hosts,
  })
  let fault: FunctionFault | undefined
  return {
    arn: names.attribute(logicalId, 'Arn') ?? '',
    invoke: async (event) => {
      if (fault === undefined) return runtime.invoke(event)
      if (fault === 'throws') throw new Error('the function is broken')
      if (fault === 'hangs') return 'hangs'
      return { statusCode: fault.status, headers: {}, body: '', isBase64Encoded: false }
    },
    setFault: (its) => {
      fault = its
    },
    logLines: () => runtime.logLines(),
    close: () => runtime.close(),
  }
}

/** Lambda developer guide, "Defined runtime environment variables". */
function givenByLambda(role: string): Readonly<Record<string, string>> {
  return {
    AWS_REGION: FAKE_REGION,
    AWS_ACCESS_KEY_ID: accessKeyOf(role),
    AWS_SECRET_ACCESS_KEY: 'marked-secret-access-key',
    AWS_SESSION_TOKEN: 'marked-session-token',
  }
}
