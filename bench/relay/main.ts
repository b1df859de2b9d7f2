import type { RelayedPacket, RelayReport, RelayRequest, RelaySettings } from './protocol.ts'
import { RelayLeg } from './relay-leg.ts'

/** The network process: started with its settings as JSON in the first argument, told and asked over IPC. */
const { network, seed, phonePorts } = JSON.parse(process.argv[2] ?? '{}') as RelaySettings
let packets: RelayedPacket[] = []
const legs = await Promise.all(
  phonePorts.map((port) => RelayLeg.open(port, network, seed, (packet) => packets.push(packet))),
)
const report = (message: RelayReport) => process.send?.(message)

process.on('message', (request: RelayRequest) => {
  switch (request.type) {
    case 'configure':
      for (const leg of legs) leg.configure(request.network, request.seed)
      return
    case 'collect':
      report({ type: 'packets', packets })
      packets = []
      return
    default:
      request satisfies never
  }
})
process.on('disconnect', () => process.exit(0))
report({ type: 'ready', ports: legs.map((leg) => leg.port) })
