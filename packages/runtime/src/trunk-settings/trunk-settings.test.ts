import { expect, test } from 'vitest'
import { parseConfigFile } from '../config-file.ts'

const house = `
applications: [{ sdkAppId: 1, keys: [{ secretId: a, secretKey: b }] }]
assistants:
  sales: { sdkAppId: 1, llm: { url: "http://model.test", apiKey: k } }
`
const sources = {
  environment: { SIP_PASSWORD: 'of-the-environment' },
  readText: (path: string) => {
    if (path !== '/run/secrets/sip') throw new Error('ENOENT')
    return 'of-the-file\n'
  },
}

/** A file with one trunk that has `keys` besides what is needed. */
const parse = (keys: string) => {
  const trunk = {
    name: '  - name: t',
    gateways: '    gateways: [{ host: sip.test }]',
    numbers: '    numbers: ["+1555"]',
  }
  for (const key of ['gateways', 'numbers'] as const) if (new RegExp(`^${key}:`, 'm').test(keys)) trunk[key] = ''
  const own = keys
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
  return parseConfigFile(`${house}trunks:\n${Object.values(trunk).filter(Boolean).join('\n')}\n${own}\n`, sources)
}

const problemsOf = (keys: string) => parse(keys).problems

test('a trunk with every key of the checklist is accepted', () => {
  const { file, problems } = parse(`
auth: { kind: register, username: u, account: "201", password: p, realm: r, expiresS: 600 }
inboundAuth: { username: u, password: p, algorithm: MD5 }
gateways: [{ host: a.test, transport: tls, priority: 1, weight: 10 }, { host: "2001:db8::1", port: 5080, transport: tls }]
tls: { serverName: a.test, caFile: /ca, certFile: /cert, keyFile: /key, verify: true, clientCertificate: required, clientName: a.test }
outboundProxy: sip:proxy.test:5061;transport=tls;lr
probe: { everyS: 30 }
failover: { statuses: [408, 480, 500, 502, 503, 504], firstResponseMs: 3000 }
keepaliveS: 30
largeMessages: tcp
advertised: { host: sip.us.test, port: 5070, mediaHost: 203.0.113.7 }
setupTimeoutMs: 60000
numbers: ["+1555", { number: "+1556", maxConcurrent: 20, maxCps: 0.5, assistant: sales }]
limits: { maxConcurrent: 10, maxCps: 2.5 }
prefix: "9#"
rewrite:
  called: { format: national, countryCode: "86", trunkPrefix: "0", areaCode: "755", trimAreaCode: true, mobilePrefix: "0", rules: [{ prefix: "00", strip: 2, add: "+" }] }
  from: { format: plain }
  asserted: { format: e164, countryCode: "86", internationalPrefix: "00" }
fromDomain: us.test
requestDomain: trunk.test
userPhone: true
identity: { fromUser: account, displayName: Parley, asserted: both, assertedNumber: "+1555", preferred: tel, remoteParty: true, privacy: id, diversion: "+1555", historyInfo: "+1555" }
headers: [{ name: X-Token, value: "abc {{caller}} {{callee}}" }]
reliable: required
sessionTimer: { mode: required, expiresS: 1800, minS: 90 }
redirects: { allowedHosts: [b.test], max: 3 }
media: { codecs: [opus, G722, PCMU, PCMA], srtp: required, ptimeMs: 30, dtmf: info, sources: [198.51.100.0/24, 2001:db8::/32] }
allowedSources: [192.0.2.10, 198.51.100.0/24, "2001:db8::/32"]
inbound: { maxConcurrent: 5, maxCps: 2, maxCpsPerSource: 1, rejectStatus: { unknownNumber: 604, noAssistant: 480, concurrency: 600, rate: 503 }, retryAfterS: 10, variables: [X-Customer, User-to-User] }
causes: { "503": busy, "q850:34": carrierFault }`)
  expect(problems).toEqual([])
  const [trunk] = file?.trunks ?? []
  expect(trunk?.gateways.map(({ port }) => port)).toEqual([undefined, 5080])
  expect(trunk?.numbers).toEqual([
    { number: '+1555' },
    { number: '+1556', maxConcurrent: 20, maxCps: 0.5, assistant: 'sales' },
  ])
})

test.each([
  ['password: plain', 'plain'],
  ['password: { env: SIP_PASSWORD }', 'of-the-environment'],
  ['password: { file: /run/secrets/sip }', 'of-the-file'],
])('a password is read from %s and shown to nobody', (password, secret) => {
  const { file, problems } = parse(`auth: { kind: digest, username: u, ${password} }`)
  expect(problems).toEqual([])
  const [trunk] = file?.trunks ?? []
  if (trunk?.auth.kind !== 'digest') throw new Error('no digest')
  expect(trunk.auth.password.reveal()).toBe(secret)
  expect(JSON.stringify(trunk)).not.toContain(secret)
})

const auth = (password: string) => `auth: { kind: digest, username: u, password: ${password} }`

test.each([
  [auth('{ env: NOT_SET }'), 'auth.password: environment variable NOT_SET is not set'],
  [auth('{ file: /nowhere }'), 'auth.password: /nowhere cannot be read'],
  [auth('12345'), 'auth.password: must be a text, { env: NAME } or { file: path }'],
  ['gateways: [{ host: "a b" }]', 'gateways[0].host: must be a host name or an address'],
  ['gateways: [{ host: a, port: 70000 }]', 'gateways[0].port: must be a whole number, 1 to 65535'],
  ['gateways: [{ host: a, transport: sctp }]', /^gateways\[0\]\.transport: /],
  ['gateways: [{ host: a, weight: -1 }]', 'gateways[0].weight: must be a whole number, 0 to 65535'],
  ['gateways: [{ host: a, transport: tls }]\ntls: { certFile: /c }', 'tls: certFile and keyFile belong together'],
  ['gateways: [{ host: a, transport: udp }]\ntls: { verify: false }', 'tls: no gateway has transport tls'],
  ['outboundProxy: "user@host"', /^outboundProxy: must be a host or a SIP URI/],
  ['probe: { everyS: 1 }', 'probe.everyS: must be a whole number, 5 to 3600'],
  ['failover: { statuses: [486] }', /^failover\.statuses\[0\]: speaks of the callee/],
  ['failover: { statuses: [603] }', 'failover.statuses[0]: must be a whole number, 400 to 599'],
  ['failover: { firstResponseMs: 10 }', 'failover.firstResponseMs: must be a whole number, 500 to 32000'],
  ['keepaliveS: 0', 'keepaliveS: must be a whole number, 5 to 3600'],
  ['advertised: { mediaHost: sip.test }', 'advertised.mediaHost: must be an IPv4 or IPv6 address'],
  ['numbers: [hello]', 'numbers[0]: must be digits, with or without a leading +'],
  ['numbers: [{ number: "+1555", maxCps: 0 }]', 'numbers[0].maxCps: must be a number, 0.01 to 10000'],
  ['numbers: ["+1555", { number: "+1555" }]', 'numbers: +1555 is given twice'],
  ['numbers: [{ number: "+1555", assistant: nobody }]', 'numbers[0].assistant: must be one of assistants'],
  ['rewrite: { called: { format: national } }', 'rewrite.called.countryCode: format national needs it'],
  ['rewrite: { called: { areaCode: "755" } }', 'rewrite.called.countryCode: areaCode needs it'],
  ['rewrite: { from: { trimAreaCode: true } }', 'rewrite.from.areaCode: trimAreaCode needs it'],
  ['rewrite: { called: { countryCode: "49", mobilePrefix: "0" } }', /^rewrite\.called\.mobilePrefix: mobile numbers/],
  [
    'rewrite: { called: { rules: [{ prefix: "0", add: "" }, { prefix: "0", add: "1" }] } }',
    'rewrite.called.rules: prefix "0" is given twice',
  ],
  ['rewrite: { called: { rules: [{ prefix: "[0-9]", add: "" }] } }', /^rewrite\.called\.rules\[0\]\.prefix: must be/],
  ['calleeFormat: e164\nrewrite: { called: { format: plain } }', /^calleeFormat: says the same/],
  ['identity: { fromUser: account }', 'identity.fromUser: account needs auth with a username'],
  ['identity: { privacy: id }', /^identity\.privacy: id needs asserted or preferred/],
  [
    'identity: { displayName: "a\\r\\nb" }',
    'identity.displayName: must not contain line ends or other control characters',
  ],
  ['headers: [{ name: X-A, value: "{{password}}" }]', /^headers\[0\]\.value: knows no placeholders/],
  ['headers: [{ name: "X A", value: b }]', 'headers[0].name: must be the name of a header'],
  ['sessionTimer: { expiresS: 100, minS: 200 }', 'sessionTimer.minS: must not be above expiresS (1800 when not set)'],
  ['sessionTimer: { expiresS: 100000 }', 'sessionTimer.expiresS: must be a whole number, 90 to 86400'],
  ['redirects: { allowedHosts: [], max: 11 }', 'redirects.max: must be a whole number, 1 to 10'],
  ['media: { codecs: [PCMA, PCMA] }', 'media.codecs: names a codec twice'],
  ['media: { codecs: [g729] }', /^media\.codecs\[0\]: .*G722/],
  ['media: { ptimeMs: 25 }', 'media.ptimeMs: must be one of 10, 20, 30, 40, 50, 60'],
  ['media: { sources: [everywhere] }', 'media.sources[0]: must be an address or a range like 192.0.2.0/24'],
  ['allowedSources: [192.0.2.0/33]', 'allowedSources[0]: must be an address or a range like 192.0.2.0/24'],
  ['inbound: { variables: ["X A"] }', 'inbound.variables[0]: must be the name of a header'],
  ['inbound: { maxCps: 0 }', 'inbound.maxCps: must be a number, 0.01 to 10000'],
  ['inbound: { rejectStatus: { rate: 200 } }', 'inbound.rejectStatus.rate: must be a whole number, 400 to 699'],
  ['causes: { "200": busy }', /^causes\.200: /],
  ['causes: { "503": sad }', /^causes\.503: must be one of busy, noAnswer/],
])('%s is refused', (keys, problem) => {
  const found = problemsOf(keys).map((text) => text.replace('trunks[0].', ''))
  expect(found).toHaveLength(1)
  if (typeof problem === 'string') expect(found[0]).toBe(problem)
  else expect(found[0]).toMatch(problem)
})

test.each(['Via', 'route', 'CONTACT', 'CSeq', 'Call-ID', 'From', 't', 'Content-Length', 'Authorization', 'Require'])(
  'a trunk cannot set header %s',
  (name) => {
    expect(problemsOf(`headers: [{ name: ${name}, value: x }]`)).toEqual([
      'trunks[0].headers[0].name: is a header that the engine writes itself',
    ])
  },
)

test.each([
  ['media: { srtp: required }', 1],
  ['media: { srtp: optional }', 1],
  ['gateways: [{ host: a, transport: tls }, { host: b, transport: tcp }]\nmedia: { srtp: required }', 1],
  ['media: { srtp: off }', 0],
  ['media: { srtp: required, srtpOverClearSip: true }', 0],
  ['gateways: [{ host: a, transport: tls }]\nmedia: { srtp: required }', 0],
  ['tls: { verify: true }\nmedia: { srtp: required }', 0],
  ['outboundProxy: sips:proxy.test\nmedia: { srtp: required }', 0],
])('SRTP keys travel in clear SIP only when forced: %s', (keys, count) => {
  const problems = problemsOf(keys)
  expect(problems).toHaveLength(count)
  for (const problem of problems) expect(problem).toMatch(/^trunks\[0\]\.media\.srtp: its keys would be readable/)
})
