/**
 * `npm run deploy:cloudflare [-- --dry-run] [-- -- wrangler's own arguments]`: checks what `wrangler.toml` says of production,
 * names the secrets, and has wrangler build and deploy it. A dry run needs no network and no account.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { data, note } from '../../src/cli/output.ts'
import { CLOUDFLARE_SCRIPT, cloudflarePlan } from './cloudflare-plan.ts'
import { ROOT } from './root.ts'
import { runTool } from './run-tool.ts'
import { runScript } from './script.ts'

const args = process.argv.slice(2)

async function deployCloudflare(): Promise<number> {
  const { announcement, command, remarks } = cloudflarePlan(args, process.env, {
    wranglerToml: await readFile(join(ROOT, 'wrangler.toml'), 'utf8'),
    devVarsExample: await readFile(join(ROOT, '.dev.vars.example'), 'utf8'),
  })
  data(announcement)
  const code = await runTool('wrangler', command)
  if (code === 0) for (const remark of remarks) note(remark)
  return code
}

await runScript(CLOUDFLARE_SCRIPT, args, deployCloudflare)
