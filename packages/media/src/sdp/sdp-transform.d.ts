/** The part of sdp-transform's shapes that is read or written here. Every field may be missing in a peer's text. */
declare module 'sdp-transform' {
  export interface SdpConnection {
    version?: number
    ip?: string
  }

  export interface SdpMedia {
    type: string
    port: number
    protocol: string
    payloads?: string
    connection?: SdpConnection
    direction?: string
    ptime?: number
    rtcp?: { port: number; address?: string }
    rtcpMux?: string
    crypto?: { id: number; suite: string; config: string }[]
    rtp: { payload: number; codec: string; rate?: number; encoding?: string | number }[]
    fmtp: { payload: number; config: string }[]
  }

  export interface SdpDescription {
    version?: number
    origin?: {
      username: string
      sessionId: string | number
      sessionVersion: number
      netType: string
      ipVer: number
      address: string
    }
    name?: string
    timing?: { start: number; stop: number }
    connection?: SdpConnection
    direction?: string
    media: SdpMedia[]
  }

  export function parse(text: string): SdpDescription
  export function write(description: SdpDescription): string
}
