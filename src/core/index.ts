// The door of core.

export * from './clock.ts'
export * from './config-files.ts'
export * from './config.ts'
export * from './contract.ts'
export * from './errors.ts'
export * from './ids.ts'
export * from './json-file.ts'
export * from './log-pino.ts'
export * from './log.ts'
export * from './redact.ts'
export * from './tool.ts'
export * from './usage.ts'
