// What the rest of the room knows of files.

export type { FileDeps } from './files.ts'
export { createLocalFiles } from './local/local-files.ts'
export { createMasks } from './masks.ts'
export { createPathLocks } from './path-locks.ts'
export type { FileHost, FileHosts, HostFiles } from './ports.ts'
export { fileTools } from './tools.ts'
