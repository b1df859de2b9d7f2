import pg from 'pg'

/** Texts with lists of any length would fill the server's memory with plans. Ours are about a hundred. */
const mostStatements = 400

/** The names of prepared statements, the same on all connections of a pool. */
export class StatementNames {
  private readonly names = new Map<string, string>()
  private generation = 1

  /** Undefined: this text is not prepared. */
  of(text: string): string | undefined {
    const known = this.names.get(text)
    if (known !== undefined || this.names.size >= mostStatements) return known
    const name = `parley_${this.generation}_${this.names.size}`
    this.names.set(text, name)
    return name
  }

  /** Everything is prepared anew, under other names. */
  renew(): void {
    this.generation += 1
    this.names.clear()
  }
}

/**
 * Makes statements with values prepared ones: planning the larger ones takes longer than running them. A newer engine may
 * change a table while this one runs; a statement that meets the change is done without a plan, and all are prepared anew.
 */
export function prepareStatements(client: pg.ClientBase, names: StatementNames): void {
  const plain = client.query.bind(client) as (...args: readonly unknown[]) => unknown
  const prepared = (...args: readonly unknown[]): unknown => {
    const [text, values] = args
    if (args.length !== 2 || typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
      return plain(...args)
    const name = names.of(text)
    const running = plain({ text, values, ...(name === undefined ? {} : { name }) }) as Promise<unknown>
    return running.catch((error: unknown) => {
      if (!isOutdated(error)) throw error
      names.renew()
      // Nothing was done. Within a transaction this fails too, and the transaction with it.
      return plain(text, values)
    })
  }
  client.query = prepared as typeof client.query
}

/** "cached plan must not change result type" */
function isOutdated(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '0A000' && error.message.includes('cached plan')
}
