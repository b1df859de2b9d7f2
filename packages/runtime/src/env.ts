import { z } from 'zod'

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .transform(Number)
    .refine(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      `must be a whole number, ${min} to ${max}`,
    )

const port = wholeNumber(0, 65_535)

const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'must look like 20000-20999')
  .transform((text) => text.split('-').map(Number) as [number, number])
  .refine(
    ([min, max]) => min >= 1024 && max <= 65_535 && max - min >= 3,
    'must span at least 4 ports within 1024-65535',
  )
  .transform(([min, max]) => ({ min, max }))

const optionalPort = z.union([z.literal('').transform(() => undefined), port])

const serverPattern = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/

/** `host`, `host:port` or `[IPv6]:port`, separated by commas. */
const serverList = z.string().transform((text, context) =>
  (text === '' ? [] : text.split(',')).flatMap((part) => {
    const match = serverPattern.exec(part.trim())
    const number = Number(match?.[3] ?? 9022)
    if (match && number > 0 && number <= 65_535) return [{ host: match[1] ?? match[2] ?? '', port: number }]
    context.addIssue({ code: 'custom', message: 'must look like sip-a:9022,sip-b:9022' })
    return []
  }),
)

const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true')

interface Setting {
  readonly schema: z.ZodType
  readonly fallback: string
  readonly text: string
}

/** Every environment variable the engine reads. `docs/settings.md` is generated from this table. */
export const settings = {
  PARLEY_HTTP_PORT: { schema: port, fallback: '8080', text: 'TCP port of the API. 0 takes any free port.' },
  PARLEY_SIP_PORT: {
    schema: port,
    fallback: '5060',
    text: 'UDP and TCP port of the SIP gateway. 0 takes any free port.',
  },
  PARLEY_SIP_TLS_PORT: {
    schema: port,
    fallback: '5061',
    text: 'TLS port of the SIP gateway, opened when `PARLEY_SIP_TLS_CERT` is set. 0 takes any free port.',
  },
  PARLEY_SIP_TLS_CERT: {
    schema: z.string(),
    fallback: '',
    text: 'PEM file with our certificate and its chain, shown to carriers that call in over TLS. Empty: none can. Calls out over TLS need no certificate here.',
  },
  PARLEY_SIP_TLS_KEY: { schema: z.string(), fallback: '', text: 'PEM file with the key of that certificate.' },
  PARLEY_SIP_TLS_CA: {
    schema: z.string(),
    fallback: '',
    text: 'PEM file with the CAs of client certificates, for trunks that require them, besides the CAs of these trunks.',
  },
  PARLEY_SIP_STACK: {
    schema: z.enum(['embedded', 'drachtio']),
    fallback: 'embedded',
    text: '`drachtio`: the SIP is done by [drachtio-servers](drachtio.md), and `PARLEY_SIP_PORT` and `PARLEY_SIP_TLS_*` are not used.',
  },
  PARLEY_DRACHTIO_SERVERS: {
    schema: serverList,
    fallback: '',
    text: 'Admin addresses of the drachtio-servers to connect to, e.g. `sip-a:9022,sip-b:9022`. Without a port: 9022.',
  },
  PARLEY_DRACHTIO_SECRET: {
    schema: z.string(),
    fallback: '',
    text: 'Secret shared with the drachtio-servers.',
  },
  PARLEY_DRACHTIO_TLS: {
    schema: flag,
    fallback: '0',
    text: '1: the admin ports in `PARLEY_DRACHTIO_SERVERS` speak TLS.',
  },
  PARLEY_DRACHTIO_LISTEN_PORT: {
    schema: optionalPort,
    fallback: '',
    text: 'Outbound mode: TCP port on which drachtio-servers connect to the engine for each incoming call. Empty: the engine connects to them.',
  },
  PARLEY_DRACHTIO_ROUTING_PORT: {
    schema: port,
    fallback: '9020',
    text: 'Outbound mode: HTTP port that the request handler of the drachtio-servers asks where a call goes.',
  },
  PARLEY_DRACHTIO_ADDRESS: {
    schema: z.string(),
    fallback: '',
    text: 'Outbound mode: `host` or `host:port` by which the drachtio-servers reach the engine. Empty: `PARLEY_PUBLIC_HOST` and the port listened on.',
  },
  PARLEY_RTP_PORTS: {
    schema: portRange,
    fallback: '20000-20999',
    text: 'UDP ports for audio, two a call (RTP even, RTCP odd).',
  },
  PARLEY_RTP_TIMEOUT_S: {
    schema: wholeNumber(5, 3600),
    fallback: '30',
    text: 'Seconds without audio from the other side after which a call is ended. A call on hold is not.',
  },
  PARLEY_BIND_HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    text: 'Address the API, SIP and RTP listen on. Behind a carrier trunk: `0.0.0.0` or the address of the interface.',
  },
  PARLEY_SIP_LADDER: {
    schema: z.enum(['off', 'masked', 'full']),
    fallback: 'masked',
    text: 'Whether the SIP messages of each call are kept for support: `off`, `masked` (the middle of telephone numbers is hidden), `full`. Credentials and keys are always hidden.',
  },
  PARLEY_PUBLIC_HOST: {
    schema: z.string(),
    fallback: '',
    text: 'Address put into SIP and SDP, where the carrier reaches the engine. Empty: the bind address, or the first address of the machine when that is `0.0.0.0`.',
  },
  PARLEY_PUBLIC_URL: {
    schema: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
    fallback: '',
    text: 'Base of the links to recordings, e.g. `https://calls.example.com`. Empty: taken from the request that asks.',
  },
  PARLEY_DATA_DIR: {
    schema: z.string(),
    fallback: '',
    text: 'Where database, recordings, keys and caches are kept. Empty: `/var/lib/parley` for root, `~/.local/share/parley` for others.',
  },
  PARLEY_CONFIG: {
    schema: z.string(),
    fallback: '',
    text: 'Path of `parley.yaml`. Empty: a demo application and a simulated trunk.',
  },
  DATABASE_URL: {
    schema: z.union([z.literal(''), z.url({ protocol: /^postgres(ql)?$/ })]),
    fallback: '',
    text: 'PostgreSQL 15 or newer, e.g. `postgres://parley:secret@db/parley`. Empty: an embedded server in the data directory.',
  },
  PARLEY_S3_ACCESS_KEY_ID: {
    schema: z.string(),
    fallback: '',
    text: 'Key id for the bucket of `recordings.s3` ([recordings.md](recordings.md)).',
  },
  PARLEY_S3_SECRET_ACCESS_KEY: { schema: z.string(), fallback: '', text: 'Its secret.' },
  PARLEY_S3_SESSION_TOKEN: { schema: z.string(), fallback: '', text: 'Token of temporary credentials.' },
  PARLEY_MAX_CALLS: { schema: wholeNumber(1, 10_000), fallback: '200', text: 'Calls at once in this process.' },
  PARLEY_MEDIA_WORKERS: {
    schema: wholeNumber(0, 64),
    fallback: '0',
    text: 'Threads that carry audio. 0: one per core but one.',
  },
  PARLEY_ALLOW_PRIVATE_URLS: {
    schema: z.union([z.literal('').transform(() => undefined), flag]),
    fallback: '',
    text: '0: what users of the API name (models, voices, recognisers, webhooks, files, trunks) may not be on loopback, private or link-local hosts. 1: it may. Empty: 1 while `PARLEY_BIND_HOST` is loopback, else 0 ([tenants.md](tenants.md#private-networks)).',
  },
  PARLEY_COMPLIANCE_TONE: {
    schema: flag,
    fallback: '1',
    text: 'Calls whose request says nothing of `EnableComplianceAudio` begin with a tone that marks AI-generated speech. 0: only those that ask for it ([voices.md](voices.md)).',
  },
  PARLEY_METRICS: {
    schema: z.enum(['on', 'off']),
    fallback: 'on',
    text: '`GET /metrics` on the port of the API, for Prometheus: [observability.md](observability.md).',
  },
  PARLEY_METRICS_TOKEN: {
    schema: z.string(),
    fallback: '',
    text: 'Bearer token that `/metrics` asks for. Empty: it is open on loopback and refused when the API is bound to another address.',
  },
  PARLEY_ADMIN_TOKEN: {
    schema: z.union([
      z.literal(''),
      z.string().regex(/^\S{16,1000}$/, 'must have at least 16 characters and no spaces'),
    ]),
    fallback: '',
    text: 'Bearer token of `/v1` for the whole installation, e.g. from `openssl rand -hex 32`: [management-api.md](management-api.md). Empty: nobody may make applications by the API.',
  },
  PARLEY_DRAIN_S: {
    schema: wholeNumber(0, 86_400),
    fallback: '0',
    text: 'Seconds that calls may go on after SIGTERM or SIGINT, while no others are taken. 0: they end at once with BYE. A second signal ends the process without goodbye.',
  },
  PARLEY_LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error']),
    fallback: 'info',
    text: 'Least level that is logged (JSON lines on stderr).',
  },
  PARLEY_LOG_PERSONAL_DATA: {
    schema: flag,
    fallback: '0',
    text: '1: numbers and texts appear in logs. 0: they are replaced by `[personal]`.',
  },
  PARLEY_TRACE_FILE: {
    schema: z.string(),
    fallback: '',
    text: 'Appends the timings of every turn to this file, one JSON object a line.',
  },
  PARLEY_READY_JSON: {
    schema: flag,
    fallback: '0',
    text: '1: one JSON line with the ports on stdout once the engine is ready.',
  },
} as const satisfies Record<string, Setting>

type SettingName = keyof typeof settings
export type Settings = { readonly [Name in SettingName]: z.output<(typeof settings)[Name]['schema']> }

/** Of the commands that ask an engine (docs/cli.md): the same shell may start one. */
const clientVariables: ReadonlySet<string> = new Set([
  'PARLEY_URL',
  'PARLEY_SECRET_ID',
  'PARLEY_SECRET_KEY',
  'PARLEY_SDK_APP_ID',
  'PARLEY_MODEL_KEY',
  'PARLEY_CLI_CONFIG',
])

/** Reads every setting; all problems at once, each naming its variable. Unset and empty variables take the fallback. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): {
  readonly settings: Settings
  readonly problems: readonly string[]
} {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(settings)) {
    const result = setting.schema.safeParse(environment[name] || setting.fallback)
    if (result.success) values[name] = result.data
    else problems.push(`${name}: ${result.error.issues.map((issue) => issue.message).join('; ')}`)
  }
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PARLEY_') && !(name in settings) && !clientVariables.has(name))
      problems.push(`${name}: no such setting`)
  }
  return { settings: values as Settings, problems }
}
