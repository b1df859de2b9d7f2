/** A program that speaks as clients/client.go does. */
export interface OtherClient {
  /** Name of the language. */
  readonly name: string
  readonly command: readonly string[]
  /** Class of the SDK's exceptions. */
  readonly exception: string
}

const exceptions: Readonly<Record<string, string>> = {
  go: 'TencentCloudSDKError',
  python: 'TencentCloudSDKException',
  java: 'TencentCloudSDKException',
}

/** From lines `go=/path/to/client` and `python=python3 /path/to/client.py`. @throws Error a line of another form */
export function otherClients(text: string | undefined): readonly OtherClient[] {
  const lines = (text ?? '').split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => {
    const [, name = '', command = ''] = /^(\w+)=(.+)$/.exec(line) ?? []
    const exception = exceptions[name]
    if (!exception) throw new Error(`not one of ${Object.keys(exceptions).join(', ')} with a command: ${line}`)
    return { name, command: command.trim().split(/\s+/), exception }
  })
}
