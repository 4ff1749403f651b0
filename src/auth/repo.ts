// SQL of the auth room. Takes and gives hashes only; a credential's value never reaches this file.

import type { Store } from '#src/store/index.ts'
import type { Scope, TokenInfo } from './contract.ts'
import type { AuthTables } from './migrations.ts'

export function createAuthRepo(store: Store) {
  const db = () => store.db<AuthTables>()
  const usable = (now: number) =>
    db()
      .selectFrom('auth_tokens')
      .selectAll()
      .where('revoked_at', 'is', null)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))

  return {
    async insertCode(hash: string, now: number, expiresAt: number): Promise<void> {
      await db().insertInto('auth_codes').values({ hash, created_at: now, expires_at: expiresAt }).execute()
    },

    /** Deleting it is using it: of two who try at once, one gets the row. */
    async takeCode(hash: string, now: number): Promise<boolean> {
      const row = await db()
        .deleteFrom('auth_codes')
        .where('hash', '=', hash)
        .returning('expires_at')
        .executeTakeFirst()
      return row !== undefined && row.expires_at > now
    },

    async insertSession(session: { hash: string; id: string; now: number; expiresAt: number }): Promise<void> {
      const { hash, id, now, expiresAt } = session
      await db()
        .insertInto('auth_sessions')
        .values({ hash, id, created_at: now, renewed_at: now, expires_at: expiresAt })
        .execute()
    },

    async findSession(hash: string, now: number): Promise<{ id: string; renewedAt: number } | undefined> {
      const row = await db()
        .selectFrom('auth_sessions')
        .select(['id', 'renewed_at'])
        .where('hash', '=', hash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row && { id: row.id, renewedAt: row.renewed_at }
    },

    async renewSession(id: string, now: number, expiresAt: number): Promise<void> {
      await db()
        .updateTable('auth_sessions')
        .set({ renewed_at: now, expires_at: expiresAt })
        .where('id', '=', id)
        .execute()
    },

    async deleteSession(id: string): Promise<void> {
      await db().deleteFrom('auth_sessions').where('id', '=', id).execute()
    },

    async insertToken(hash: string, token: TokenInfo): Promise<void> {
      await db()
        .insertInto('auth_tokens')
        .values({
          hash,
          id: token.id,
          name: token.name,
          scopes: JSON.stringify(token.scopes),
          created_at: token.createdAt,
          expires_at: token.expiresAt,
          last_used_at: null,
          revoked_at: null,
        })
        .execute()
    },

    async findUsableToken(hash: string, now: number): Promise<TokenInfo | undefined> {
      const row = await usable(now).where('hash', '=', hash).executeTakeFirst()
      return row && toToken(row)
    },

    async findUsableTokenById(id: string, now: number): Promise<TokenInfo | undefined> {
      const row = await usable(now).where('id', '=', id).executeTakeFirst()
      return row && toToken(row)
    },

    async noteTokenUse(id: string, now: number): Promise<void> {
      await db().updateTable('auth_tokens').set({ last_used_at: now }).where('id', '=', id).execute()
    },

    async listTokens(): Promise<TokenInfo[]> {
      const rows = await db()
        .selectFrom('auth_tokens')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(toToken)
    },

    /** The first revocation's time stays. */
    async revokeToken(id: string, now: number): Promise<TokenInfo | undefined> {
      const row = await db()
        .updateTable('auth_tokens')
        .set((set) => ({ revoked_at: set.fn.coalesce('revoked_at', set.val(now)) }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      return row && toToken(row)
    },

    async deleteExpired(now: number): Promise<void> {
      await db().deleteFrom('auth_codes').where('expires_at', '<=', now).execute()
      await db().deleteFrom('auth_sessions').where('expires_at', '<=', now).execute()
    },
  }
}

function toToken(row: AuthTables['auth_tokens']): TokenInfo {
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }
}
