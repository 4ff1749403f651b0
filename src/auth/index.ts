// The door of the auth room.

export { createAuth } from './auth.ts'
export type { Auth, AuthMode, Credentials } from './auth.ts'
export { clearSessionCookie, setSessionCookie } from './cookie.ts'
export { authMigrations } from './migrations.ts'
export { authTools } from './tools.ts'
