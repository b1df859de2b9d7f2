import { expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'

test.each([
  [[], 'what to do is missing'],
  [['mend'], 'mend is no command'],
  [['check', 'a', 'b'], 'unexpected: b'],
  [['check', '--nonsense'], "Unknown option '--nonsense'"],
  [['check', '--call', 'sip:x\r\ny'], '--call is no number'],
  [['check', '--port', '70000'], '--port must be 0 to 65535'],
  [['check', '--url', 'http://x'], '--url goes with ladder'],
  [['ladder'], 'ladder needs the SESSION_ID of a call'],
  [['ladder', 'x', '--call', '1'], '--config, --call, --port and --full go with check'],
  [['ladder', 'x', '--url', 'nowhere'], '--url must be an http or https address'],
])('%j is refused with the reason', (args, why) => {
  const command = parseCommandLine(args)
  expect(typeof command === 'object' && 'problem' in command ? command.problem : command).toContain(why)
})

test('a check takes every trunk, any port and calls nobody unless told otherwise', () => {
  expect(parseCommandLine(['check'])).toEqual({ command: 'check', port: 0, json: false, full: false })
  expect(parseCommandLine(['check', 'a', '--config', 'c', '--call', '+86 (755) 1', '--port', '5060'])).toMatchObject({
    trunk: 'a',
    config: 'c',
    call: '+86 (755) 1',
    port: 5060,
  })
  expect(parseCommandLine(['--help'])).toBe('help')
})
