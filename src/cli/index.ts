// The door of the command line.

export { main } from './main.ts'
export { type Io, systemIo } from './io.ts'
