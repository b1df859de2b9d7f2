/** Refusals of a change, for the document. */
export const registryRefusals = { 409: 'declared in parley.yaml, in use, or there is one already' }

/** `{id}` in a path. */
export const isId = (id: number): boolean => Number.isSafeInteger(id) && id > 0
