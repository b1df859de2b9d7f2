interface DialogId {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
}

/**
 * The URI that names a dialog of ours to a third party: whoever calls it takes our place. Tags are named as the peer of the
 * dialog knows them. `remoteTarget`: its Contact.
 * @see RFC 3891 section 6.1, RFC 3261 section 19.1.1 (escaping in headers of a URI)
 */
export function replacesTarget(remoteTarget: string, { callId, localTag, remoteTag }: DialogId): string {
  const [address = ''] = remoteTarget.split('?')
  return `${address}?Replaces=${encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`)}`
}
