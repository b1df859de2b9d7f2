import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fuzzApi } from './storm.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
})

const report = await fuzzApi(Number(values.requests), Number(values.seed))
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
console.log(report)
if (report.unhandled.length + report.errors.length > 0) process.exitCode = 1
