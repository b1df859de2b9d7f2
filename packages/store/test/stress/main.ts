import { parseArgs } from 'node:util'
import { stressDispatch } from './stress-dispatch.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    engines: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    'postgres-bin': { type: 'string' },
  },
})
const report = await stressDispatch({
  seconds: Math.round(Number(values.minutes) * 60),
  engines: Number(values.engines),
  seed: Number(values.seed),
  every: { kill: 3, stall: 1, cut: 5, restart: 20, freeze: 100 },
  ...(values['postgres-bin'] ? { binDir: values['postgres-bin'] } : {}),
})
console.log(report)
process.exitCode = report.wrong.length > 0 ? 1 : 0
