import type { ApplicationId, CallInInterface, Logger, RunTimeTrunk, TrunkSnapshot } from '@parley/core'
import { type ConfigFile, connectionOf } from '@parley/runtime'
import type { SipSignalling } from '@parley/sip'

type FileTrunk = ConfigFile['trunks'][number]
/** `owner`: of a trunk made at run time. */
export type LiveTrunk = FileTrunk & { readonly owner?: number }

/** The trunks that serve on this engine: those of the file first, then those of run time in the order they were made. */
export class LiveTrunks {
  private readonly declared: readonly LiveTrunk[]
  private readonly logger: Logger
  private trunks: readonly LiveTrunk[]
  private disabled: ReadonlySet<string> = new Set()
  private switchedOff: ReadonlySet<number> = new Set()
  private asked: readonly CallInInterface[] = []
  /** By name and stamp: a trunk that did not change stays the same object. */
  private made = new Map<string, LiveTrunk>()
  /** Names of those that signalling refuses. */
  private refusedNames: readonly string[] = []
  private applied = Promise.withResolvers<void>()

  constructor(declared: readonly LiveTrunk[], logger: Logger) {
    this.declared = declared
    this.trunks = declared
    this.logger = logger
  }

  get current(): readonly LiveTrunk[] {
    return this.trunks
  }

  /** Trunks of run time that do not serve on this engine, for signalling refuses them. */
  get refused(): readonly string[] {
    return this.refusedNames
  }

  find(name: string): LiveTrunk | undefined {
    return this.trunks.find((trunk) => trunk.name === name)
  }

  /** The application switched the number off, or is itself. */
  isOff(applicationId: number, trunk: string, number: string): boolean {
    return this.switchedOff.has(applicationId) || this.disabled.has(keyOf(applicationId, trunk, number))
  }

  /** Whose server says who takes the calls to a number. */
  askedAbout(trunk: string, number: string): CallInInterface | undefined {
    return this.asked.find((one) => one.trunk === trunk && one.number === number)
  }

  /**
   * Another engine, or the API of this one, may know of a trunk a moment earlier. Resolves when it is found; when it is not
   * among the next two news, of which the first may have been read before it was made; or when `signal` aborts.
   */
  async known(name: string, signal: AbortSignal): Promise<void> {
    const given = Promise.withResolvers<void>()
    const giveUp = () => given.resolve()
    signal.addEventListener('abort', giveUp)
    for (let news = 0; news < 2 && !this.find(name) && !signal.aborted; news += 1) {
      await Promise.race([this.applied.promise, given.promise])
    }
    signal.removeEventListener('abort', giveUp)
  }

  /** Makes signalling serve what the database says. @throws what signalling throws */
  async apply(
    { trunks, disabled, switchedOff, callIn }: TrunkSnapshot,
    signalling: Pick<SipSignalling, 'replaceTrunks'>,
  ) {
    this.switchedOff = new Set(switchedOff)
    this.asked = callIn
    this.disabled = new Set(disabled.map((one) => keyOf(one.applicationId, one.trunk, one.number)))
    const made = new Map(
      trunks.map((trunk) => {
        const key = `${trunk.name} ${trunk.stamp}`
        return [key, this.made.get(key) ?? liveTrunkOf(trunk)]
      }),
    )
    const next = [...this.declared, ...made.values()]
    try {
      if (next.length !== this.trunks.length || next.some((trunk, index) => trunk !== this.trunks[index])) {
        this.trunks = await this.serve(next, signalling)
        this.refusedNames = next.filter((trunk) => !this.trunks.includes(trunk)).map(({ name }) => name)
      }
      this.made = made
    } finally {
      const { resolve } = this.applied
      this.applied = Promise.withResolvers()
      resolve()
    }
  }

  /** All of them; or all but those that signalling refuses, so that one does not keep the others out. */
  private async serve(
    next: readonly LiveTrunk[],
    signalling: Pick<SipSignalling, 'replaceTrunks'>,
  ): Promise<readonly LiveTrunk[]> {
    try {
      await signalling.replaceTrunks(next)
      return next
    } catch (cause) {
      this.logger.warn('a trunk of run time is refused', { error: String(cause) })
    }
    let good = this.declared
    for (const trunk of next.slice(this.declared.length)) {
      try {
        await signalling.replaceTrunks([...good, trunk])
        good = [...good, trunk]
      } catch (error) {
        this.logger.error('a trunk cannot be used', { trunk: trunk.name, error: String(error) })
      }
    }
    await signalling.replaceTrunks(good)
    return good
  }
}

const keyOf = (applicationId: number, trunk: string, number: string): string => `${applicationId} ${trunk} ${number}`

function liveTrunkOf({ name, applicationId, settings, numbers }: RunTimeTrunk): LiveTrunk {
  const owner: ApplicationId = applicationId
  return {
    ...connectionOf(settings),
    name,
    owner,
    sdkAppIds: [owner],
    numbers: numbers.map(({ number, settings: { maxConcurrent, maxCps, assistant } }) => ({
      number,
      ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
      ...(maxCps === undefined ? {} : { maxCps }),
      ...(assistant === undefined ? {} : { assistant }),
    })),
  }
}
