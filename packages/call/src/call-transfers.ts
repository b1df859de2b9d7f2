import { type HumanCommand, LiveTransfer, type LiveTransferOptions } from './live-transfer.ts'

/** The transfers of one call, of which at most one is in progress. */
export class CallTransfers {
  private current: LiveTransfer | undefined
  private readonly former: Promise<void>[] = []

  begin(options: LiveTransferOptions): void {
    this.leave()
    this.current = new LiveTransfer(options)
  }

  obey(command: HumanCommand): void {
    this.current?.obey(command)
  }

  heard(event: Parameters<LiveTransfer['heard']>[0]): void {
    this.current?.heard(event)
  }

  sendKey(key: string): void {
    this.current?.sendKey(key)
  }

  leave(): void {
    if (this.current) this.former.push(this.current[Symbol.asyncDispose]())
    this.current = undefined
  }

  /** Resolves when every leg of every transfer is down. */
  async settled(): Promise<void> {
    this.leave()
    await Promise.all(this.former)
  }
}
