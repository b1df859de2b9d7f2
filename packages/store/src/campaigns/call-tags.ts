import type { AfterCallResult, CallTag } from '@parley/core'

/** The call's tags, and one for each value of each field that was extracted. */
export function tagsOf({ extracted, tags = [] }: AfterCallResult): readonly CallTag[] {
  const values = Object.entries(extracted).flatMap(([name, found]) =>
    (Array.isArray(found) ? found : [found]).flatMap((value) =>
      value === null ? [] : [{ name, value: String(value) }],
    ),
  )
  return [...tags, ...values]
}
