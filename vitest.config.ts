import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Of what hangs: a busy machine takes several times as long as an idle one. */
const TIMEOUTS = { testTimeout: 20_000, hookTimeout: 60_000, expect: { poll: { timeout: 10_000 } } }

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    allowOnly: false,
    // Also where there are two cores: most of the time, tests wait for processes of their own.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workerd/**'],
          globalSetup: './test/support/bundle-once.ts',
          // CDK's own rules cost seconds at each synthesis. `npm run check:infra` goes by them.
          env: { CDK_VALIDATION: 'false' },
          ...TIMEOUTS,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './test/workerd/wrangler.toml' } })],
        test: { name: 'workerd', include: ['test/workerd/**/*.test.ts'], ...TIMEOUTS },
      },
    ],
  },
})
