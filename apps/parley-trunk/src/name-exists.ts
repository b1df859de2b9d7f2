import { Resolver } from 'node:dns/promises'

/** Whether DNS knows the name, with whatever records. Undefined: no name server could tell. */
export async function nameExists(name: string): Promise<boolean | undefined> {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  try {
    await resolver.resolve4(name)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENODATA') return true
    return code === 'ENOTFOUND' || code === 'NXDOMAIN' ? false : undefined
  }
}
