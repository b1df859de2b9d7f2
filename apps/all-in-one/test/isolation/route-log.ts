/** Every route that a server of this process was given, as `GET /recordings/*`. Filled by the test. */
export const routeLog = new Set<string>()
