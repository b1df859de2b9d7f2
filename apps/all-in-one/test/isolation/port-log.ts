/** The port, writing the name of each method that is called into `log`. */
export function logged<Port extends object>(name: string, port: Port, log: string[]): Port {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        log.push(`${name}.${String(key)}`)
        return member.apply(target, args)
      }
    },
  })
}
