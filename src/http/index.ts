// The door of the http room.

export { createHttp } from './create-http.ts'
export type { EventSource, HttpRoom } from './ports.ts'
