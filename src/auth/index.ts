// The door of the auth room.

export { codeLifetimeMs, createAuth, sessionLifetimeMs } from './auth.ts'
export type { Auth, AuthMode, Credentials } from './auth.ts'
export { createAttempts } from './attempts.ts'
export type { Attempts } from './attempts.ts'
export { clearSessionCookie, sessionCookie, setSessionCookie } from './cookie.ts'
export { authMigrations } from './migrations.ts'
export { authTools } from './tools.ts'
