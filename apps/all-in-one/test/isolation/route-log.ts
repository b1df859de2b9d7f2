/** Every route that a server of this process was given, as `GET /v1/calls/:id`. Filled by the test. */
export const routeLog = new Set<string>()
