import { constants, setPriority } from 'node:os'

/** Nice value of a thread that has a packet to send each 20 ms. Taste: above ordinary work, below the system's own. */
const paced = -10

/**
 * Lets the calling thread run before the others of the machine when both have work. False: the system does not allow it (it
 * takes CAP_SYS_NICE, or a `nice` limit), and nothing changed.
 */
export const preferThisThread = (): boolean => setThreadPriority(paced)

/** Lets everything else go before the calling thread. */
export const deferThisThread = (): boolean => setThreadPriority(constants.priority.PRIORITY_LOW)

/** The other threads of the process keep theirs. @see setpriority(2): on Linux 0 names the calling thread, not its process */
function setThreadPriority(nice: number): boolean {
  try {
    setPriority(0, nice)
    return true
  } catch {
    return false
  }
}
