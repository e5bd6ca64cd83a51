/**
 * `npm run deploy:aws [-- --dry-run] [-- --settings FILE] [-- -- cdk's own arguments]`: bundles the functions, synthesizes the
 * stack and has the CDK deploy it. A dry run needs no network and no account, and prints what would be made.
 */

import { rm } from 'node:fs/promises'
import { writeLambdaBundles } from '../../functions/bundle.ts'
import { data, note } from '../../src/cli/output.ts'
import { AWS_SCRIPT, awsPlan } from './aws-plan.ts'
import { resourceReport } from './resource-report.ts'
import { runTool } from './run-tool.ts'
import { runScript } from './script.ts'
import { CDK_OUT, synthesize, TEMPLATE_BYTES_MAX } from './synthesis.ts'

const args = process.argv.slice(2)

async function deployAws(): Promise<number> {
  const { settings, isDryRun, remarks, command } = awsPlan(args, process.env)
  await writeLambdaBundles()
  await rm(CDK_OUT, { recursive: true, force: true })
  const { template, bytes } = synthesize(settings)
  if (!isDryRun) return runTool('cdk', command(CDK_OUT))
  data(resourceReport(template))
  data(`\nTemplate: ${bytes} bytes of ${TEMPLATE_BYTES_MAX} that CloudFormation takes`)
  for (const remark of remarks) note(remark)
  return 0
}

await runScript(AWS_SCRIPT, args, deployAws)
