// The door of llm.

export * from './contract.ts'
export { createModels, type Models } from './models.ts'
export type { ModelsConfig } from './providers.ts'
export { modelTools } from './tools.ts'
