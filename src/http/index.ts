// The door of the http room.

export { createHttp } from './create-http.ts'
export type { Caller, EventSource, HttpConfig, HttpDeps, HttpRoom, Readiness } from './ports.ts'
