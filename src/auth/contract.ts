// What surfaces show about credentials. Browser-safe. Values of codes, cookies and tokens are never
// part of a record: a token's value is in the answer to its creation and nowhere else.

import { z } from 'zod'
import { Timestamp } from '../core/contract.ts'

/** `<area>:<read|write>`; `*` is every area; `write` includes `read`. */
export const Scope = z
  .string()
  .regex(/^(\*|[a-z][a-z0-9_-]{0,40}):(read|write)$/, 'a scope such as workflows:write, hosts:read or *:read')
export type Scope = z.infer<typeof Scope>

export const NewToken = z.strictObject({
  name: z.string().trim().min(1, 'a name').max(100),
  /** Empty or absent: everything its owner may do. */
  scopes: z.array(Scope).max(50).optional(),
  expiresInDays: z.int().min(1).max(3_650).optional(),
})
export type NewToken = z.infer<typeof NewToken>

export const TokenInfo = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  /** To within five minutes. */
  lastUsedAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
})
export type TokenInfo = z.infer<typeof TokenInfo>

/** The one answer that has a token's value. */
export const MadeToken = z.object({
  id: z.string(),
  name: z.string(),
  token: z.string(),
  expiresAt: Timestamp.nullable(),
})
export type MadeToken = z.infer<typeof MadeToken>

/** Signs one browser in, once. */
export const SignInLink = z.object({ url: z.string(), expiresAt: Timestamp })
export type SignInLink = z.infer<typeof SignInLink>
