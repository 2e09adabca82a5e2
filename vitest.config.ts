import { defineConfig } from 'vitest/config'

// Two projects, so that only the tests which start `bin/hasim.js` need a fresh dist/.
// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'sources',
          include: ['test/**/*.test.ts'],
          exclude: ['test/cli/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'command-line',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: ['test/cli/build.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
})
