import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/services/**/*.service.ts'],
    reporters: [
      'default',
      './test/services/differences-reporter.ts',
      './test/support/closing-line-reporter.ts',
    ],
    allowOnly: false,
    testTimeout: 30_000,
  },
})
