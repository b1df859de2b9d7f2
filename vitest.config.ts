import { defineConfig } from 'vitest/config'

const conditions = ['development', 'module', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'apps/*/{src,test}/**/*.test.ts',
      'bench/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    execArgv: ['--conditions=development', '--disable-warning=ExperimentalWarning'],
    pool: 'forks',
    maxWorkers: 2,
  },
})
