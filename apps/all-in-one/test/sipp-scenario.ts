/** Steps of a sipp scenario that is called, as text; `sipp-process.ts` plays them. */
export interface SippStep {
  readonly xml: string
  /** Variables that it sets and nobody may read, which sipp wants to be told of. */
  readonly sets: readonly string[]
}

const sides = [
  'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
  'Max-Forwards: 70',
  'From: [$local]',
  'To: [$remote]',
  'Call-ID: [call_id]',
]
const contact = 'Contact: <sip:[local_ip]:[local_port];transport=[transport]>'
const echoed = ['[last_Via:]', '[last_From:]', '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]', contact]
const ownTag = ';tag=[pid]SIPpTag[call_number]'

/** Speech by PCMA to a port where nobody listens. */
export const plainSdp = [
  'v=0',
  'o=sipp 53655765 2353687637 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 6000 RTP/AVP 8',
  'a=rtpmap:8 PCMA/8000',
]

/** The scenario of these steps. */
export function sippScenario(...steps: readonly SippStep[]): string {
  const variables = [...new Set(steps.flatMap(({ sets }) => sets))].join(',')
  const body = steps.map(({ xml }) => xml).join('\n')
  const reference = variables === '' ? '' : `<Reference variables="${variables}" />`
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="x">\n${body}\n${reference}</scenario>\n`
}

/** Takes the call: 180, 200, ACK. `elseTo`: where calls whose To has a match go on after the ACK. */
export function answer(elseTo?: { readonly label: string; readonly to: string }): SippStep {
  const branch = elseTo ? `<ereg regexp="${elseTo.to}" search_in="hdr" header="To:" assign_to="other" />` : ''
  const xml = `<recv request="INVITE" rrs="true"><action>
    <ereg regexp=".*" search_in="hdr" header="From:" assign_to="remote" />
    <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to" />
    <assignstr assign_to="local" value="[$to]${ownTag}" />${branch}
  </action></recv>
  ${sent(['SIP/2.0 180 Ringing', ...tagged(), contact])}
  ${sent(['SIP/2.0 200 OK', ...tagged(), contact, 'Content-Type: application/sdp'], plainSdp, true)}
  <recv request="ACK"${elseTo ? ` next="${elseTo.label}" test="other"` : ''} />`
  return { xml, sets: ['remote', 'local', ...(elseTo ? ['other'] : [])] }
}

export const label = (name: string): SippStep => plain(`<label id="${name}" />`)
export const goTo = (name: string): SippStep => plain(`<nop next="${name}" />`)
export const pause = (ms: number): SippStep => plain(`<pause milliseconds="${ms}" />`)

/** Waits for a request. `has`: a header and a pattern it must match. */
export function awaitRequest(method: string, has?: readonly [header: string, pattern: string]): SippStep {
  if (!has) return plain(`<recv request="${method}" timeout="15000" />`)
  const [header, pattern] = has
  return {
    xml: `<recv request="${method}" timeout="15000"><action>
      <ereg regexp="${pattern}" search_in="hdr" header="${header}:" check_it="true" assign_to="seen" />
    </action></recv>`,
    sets: ['seen'],
  }
}

/** Answers the request that came last. */
export const reply = (status: string): SippStep => plain(sent([`SIP/2.0 ${status}`, ...echoed]))

/** Asks within the dialog and waits for a response with that status. */
export function request(
  method: string,
  seq: number,
  expected: number,
  headers: readonly string[] = [],
  body: readonly string[] = [],
): SippStep {
  const lines = [`${method} [next_url] SIP/2.0`, ...sides, `CSeq: ${seq} ${method}`, contact, ...headers]
  return plain(`${sent(lines, body, true)}<recv response="${expected}" />`)
}

/** A re-INVITE with this description. `has`: a pattern that the answer must have in its body. */
export function reoffer(seq: number, sdp: readonly string[], expected: number, has?: string): SippStep {
  const invite = [
    'INVITE [next_url] SIP/2.0',
    ...sides,
    `CSeq: ${seq} INVITE`,
    contact,
    'Content-Type: application/sdp',
  ]
  const check = has ? `<action><ereg regexp="${has}" search_in="body" check_it="true" assign_to="seen" /></action>` : ''
  // The ACK of a refusal belongs to the transaction of its INVITE, which was sent three steps before.
  const via = expected < 300 ? sides : sides.map((line) => line.replace('branch=[branch]', 'branch=[branch-3]'))
  const xml = `${sent(invite, sdp, true)}
  <recv response="100" optional="true" />
  <recv response="${expected}" rrs="${expected < 300}">${check}</recv>
  ${sent(['ACK [next_url] SIP/2.0', ...via, `CSeq: ${seq} ACK`])}`
  return { xml, sets: has ? ['seen'] : [] }
}

/** What became of a REFER. @see RFC 3515 */
export const notify = (seq: number, status: string, isLast = false): SippStep =>
  request(
    'NOTIFY',
    seq,
    200,
    [
      'Event: refer',
      `Subscription-State: ${isLast ? 'terminated;reason=noresource' : 'active;expires=60'}`,
      'Content-Type: message/sipfrag;version=2.0',
    ],
    [`SIP/2.0 ${status}`],
  )

const tagged = () => echoed.slice(0, -1).map((line) => (line === '[last_To:]' ? line + ownTag : line))
const plain = (xml: string): SippStep => ({ xml, sets: [] })

function sent(lines: readonly string[], body: readonly string[] = [], repeats = false) {
  const length = body.length === 0 ? '0' : '[len]'
  const text = [...lines, `Content-Length: ${length}`, '', ...body, ''].join('\n')
  return `<send${repeats ? ' retrans="500"' : ''}><![CDATA[\n${text}\n]]></send>`
}
