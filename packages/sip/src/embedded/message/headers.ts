/** One header field; `name` is the long form in lower case. */
export interface HeaderField {
  readonly name: string
  readonly value: string
}

/**
 * Header fields in wire order. List headers (`Via`, `Route`, ...) hold one element per field. Values are raw text in
 * which each character stands for one byte (latin1), so that unknown text survives being copied into a response.
 */
export class Headers {
  private fields: HeaderField[]

  constructor(fields: readonly HeaderField[] = []) {
    this.fields = [...fields]
  }

  /** First value of the header. */
  get(name: string): string | undefined {
    return this.fields.find((field) => field.name === name)?.value
  }

  all(name: string): readonly string[] {
    return this.fields.filter((field) => field.name === name).map((field) => field.value)
  }

  has(name: string): boolean {
    return this.fields.some((field) => field.name === name)
  }

  /** True when one of the values of a token list (`Supported`, `Require`, `Allow`) is `token`. */
  lists(name: string, token: string): boolean {
    return this.fields.some((field) => field.name === name && field.value.toLowerCase() === token.toLowerCase())
  }

  add(name: string, value: string): this {
    this.fields.push({ name, value })
    return this
  }

  addAll(name: string, values: readonly string[]): this {
    for (const value of values) this.add(name, value)
    return this
  }

  prepend(name: string, value: string): this {
    this.fields.unshift({ name, value })
    return this
  }

  /** Replaces the first field of that name and drops the others; appends when there is none. */
  set(name: string, value: string): this {
    const index = this.fields.findIndex((field) => field.name === name)
    if (index < 0) return this.add(name, value)
    this.fields = this.fields.filter((field, at) => field.name !== name || at === index)
    this.fields[index] = { name, value }
    return this
  }

  /** Replaces the first field of that name and keeps the others. */
  replaceFirst(name: string, value: string): this {
    const index = this.fields.findIndex((field) => field.name === name)
    if (index >= 0) this.fields[index] = { name, value }
    return this
  }

  remove(name: string): this {
    this.fields = this.fields.filter((field) => field.name !== name)
    return this
  }

  clone(): Headers {
    return new Headers(this.fields)
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.fields[Symbol.iterator]()
  }
}
