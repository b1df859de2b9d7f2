const sequences = 65_536

/**
 * The 48-bit index of a packet with this sequence number, given the highest index seen (-1: none yet): the one nearest to
 * it. Negative: it would lie before the first packet there can be.
 * @see RFC 3711 section 3.3.1 and appendix A
 */
export function estimateIndex(sequence: number, highest: number): number {
  if (highest < 0) return sequence
  const last = highest % sequences
  const rollover = highest - last
  if (last < 32_768) return sequence - last > 32_768 ? rollover - sequences + sequence : rollover + sequence
  return last - 32_768 > sequence ? rollover + sequences + sequence : rollover + sequence
}
