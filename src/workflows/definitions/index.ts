// What the workflows room uses of its definitions.

export { createDefinitions, type Definitions } from './definitions.ts'
export type { History } from './shelf.ts'
export { assertPath, isWithin, normalPath } from './folders.ts'
export { namesOf, promptsOf, toWorkflow } from './item.ts'
export type { Files } from './journal.ts'
export { circleMessage, circleThrough, type Link } from './triggers.ts'
export { validateInput } from './validate.ts'
export { unknownFields, WrittenWorkflow } from './written.ts'
