// The tables of the auth room. Nothing here can be turned back into a credential: only SHA-256 of
// 128 or 256 random bits is stored (no salt or slow hash: there is no guessable input to slow down).

import type { RoomMigrations } from '#src/store/index.ts'

export interface AuthTables {
  auth_codes: { hash: string; created_at: number; expires_at: number }
  auth_sessions: { hash: string; id: string; created_at: number; renewed_at: number; expires_at: number }
  auth_tokens: {
    hash: string
    id: string
    name: string
    /** JSON array of scopes; `[]` = everything. */
    scopes: string
    created_at: number
    expires_at: number | null
    last_used_at: number | null
    revoked_at: number | null
  }
}

export const authMigrations: RoomMigrations = {
  room: 'auth',
  migrations: [
    {
      id: '001_auth',
      sql: [
        `create table auth_codes (
           hash text primary key,
           created_at bigint not null,
           expires_at bigint not null
         )`,
        `create table auth_sessions (
           hash text primary key,
           id text not null unique,
           created_at bigint not null,
           renewed_at bigint not null,
           expires_at bigint not null
         )`,
        `create table auth_tokens (
           hash text primary key,
           id text not null unique,
           name text not null,
           scopes text not null,
           created_at bigint not null,
           expires_at bigint,
           last_used_at bigint,
           revoked_at bigint
         )`,
      ],
    },
  ],
}
