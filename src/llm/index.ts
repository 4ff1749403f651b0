// The door of llm.

export * from './contract.ts'
export { createGateway } from './gateway/gateway.ts'
export { createOutgoing } from './gateway/outgoing.ts'
export { llmTools } from './tools.ts'
export { llmMigrations } from './migrations.ts'
export { createModels, type Models } from './models.ts'
export type { ModelsConfig } from './providers.ts'
