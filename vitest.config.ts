import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workerd/**'],
          globalSetup: './test/support/bundle-once.ts',
          testTimeout: 20_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './test/workerd/wrangler.toml' } })],
        test: { name: 'workerd', include: ['test/workerd/**/*.test.ts'], testTimeout: 20_000 },
      },
    ],
  },
})
