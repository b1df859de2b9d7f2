import { expect, test } from 'vitest'
import { fuzzApi } from './fuzz/storm.ts'

/** `scripts/fuzz-api` sends as many as one likes. */
const requests = 4000

test(`${requests} damaged requests are all answered, none with a fault of the server`, {
  timeout: 60_000,
}, async () => {
  const report = await fuzzApi(requests, 20_200_210)
  expect(report.unhandled).toEqual([])
  expect(report.errors).toEqual([])
  // The storm reaches deep enough to mean something.
  for (const code of [
    ...['success', 'InvalidParameter', 'InvalidParameterValue', 'MissingParameter', 'AuthFailure.SignatureFailure'],
    ...['UnsupportedProtocol', 'HTTP 200', 'HTTP 400', 'HTTP 401', 'HTTP 403', 'HTTP 404'],
  ]) {
    expect(report.answers[code] ?? 0, code).toBeGreaterThan(30)
  }
})
