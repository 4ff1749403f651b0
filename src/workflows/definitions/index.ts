// What the workflows room uses of its definitions.

export { createDefinitions, type Definitions, type History } from './definitions.ts'
export type { Files } from './journal.ts'
