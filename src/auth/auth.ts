// Who is asking: one-time sign-in codes, browser sessions, bearer tokens. Turns credentials into an
// Actor and nothing more; what an actor may do is policy (calls), how it travels is http and cli.

import { type Actor, type Clock, DAY, HOUR, type Ids, MaestroError, MINUTE, parseOrThrow } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { NewToken, type Scope, type TokenInfo } from './contract.ts'
import { readSessionCookies } from './cookie.ts'
import { hashOf, looksLike, newValue, sessionValue, signInCode, tokenValue } from './credential.ts'
import { createAuthRepo } from './repo.ts'

/** `off` trusts every caller of a loopback bind (`MAESTRO_AUTH=off`). */
export type AuthMode = 'on' | 'off'

export interface Credentials {
  /** The `Cookie` header. */
  readonly cookie?: string | undefined
  /** The `Authorization` header. Wins over the cookie. */
  readonly authorization?: string | undefined
  /** `socket`: over the owner's Unix socket, which only the owner can open. */
  readonly peer: 'socket' | 'tcp'
  readonly authMode: AuthMode
  /** For attempt limits. */
  readonly address: string
}

export interface Auth {
  /** A code for one browser, good once and for ten minutes. */
  createSignInCode(): Promise<{ code: string; expiresAt: number }>
  /** Uses the code up. @throws `unauthenticated` when it is unknown, used or old; `limit_exceeded` */
  signIn(code: string, address: string): Promise<{ cookieValue: string; expiresAt: number }>
  /** Ends the actor's browser session. Nothing happens for other actors. */
  signOut(actor: Actor): Promise<void>
  /** The value is in this answer and nowhere else. @throws `invalid_input` */
  createToken(input: NewToken): Promise<{ token: TokenInfo; value: string }>
  /** Newest first, revoked and expired ones too. */
  listTokens(): Promise<TokenInfo[]>
  /** Takes effect with the next request. Idempotent. @throws `not_found` */
  revokeToken(id: string): Promise<TokenInfo>
  /** Of a usable token; `[]` = everything, undefined when there is no such token any more. */
  scopesOf(tokenId: string): Promise<readonly Scope[] | undefined>
  /** @throws `unauthenticated`; `limit_exceeded` after many bad tokens from one address */
  authenticate(credentials: Credentials): Promise<Actor>
  /** Forgets what has expired. Cheap; also done when a code is made. */
  sweep(): Promise<void>
}

const codeLifetimeMs = 10 * MINUTE
const sessionLifetimeMs = 30 * DAY
/** A session slides in steps, so that a busy page does not write with every request. */
const renewEveryMs = HOUR
const noteUseEveryMs = 5 * MINUTE

const signInHint = 'run `maestro open` for a sign-in link, or `maestro token create <name>` for a bearer token'

export function createAuth(deps: { store: Store; clock: Clock; ids: Ids; attempts?: Attempts }): Auth {
  const { clock, ids } = deps
  const repo = createAuthRepo(deps.store)
  const attempts = deps.attempts ?? createAttempts({ clock })

  const fromBearer = async (header: string, address: string): Promise<Actor> => {
    const value = /^bearer +(\S+) *$/i.exec(header)?.[1]
    const now = clock.now()
    if (value !== undefined && looksLike(tokenValue, value)) {
      const token = await repo.findUsableToken(hashOf(value), now)
      if (token !== undefined) {
        if (now - (token.lastUsedAt ?? 0) >= noteUseEveryMs) await repo.noteTokenUse(token.id, now)
        return { kind: 'token', tokenId: token.id, name: token.name }
      }
    }
    attempts.bad(address)
    throw new MaestroError('unauthenticated', 'the bearer token is unknown, expired or revoked', { hint: signInHint })
  }

  const fromCookie = async (header: string | undefined): Promise<Actor | undefined> => {
    const now = clock.now()
    for (const value of readSessionCookies(header).slice(0, 4)) {
      if (!looksLike(sessionValue, value)) continue
      const session = await repo.findSession(hashOf(value), now)
      if (session === undefined) continue
      if (now - session.renewedAt >= renewEveryMs) await repo.renewSession(session.id, now, now + sessionLifetimeMs)
      return { kind: 'browser', sessionId: session.id }
    }
    return undefined
  }

  return {
    async createSignInCode() {
      const now = clock.now()
      await repo.deleteExpired(now)
      const code = newValue(signInCode)
      const expiresAt = now + codeLifetimeMs
      await repo.insertCode(hashOf(code), now, expiresAt)
      return { code, expiresAt }
    },

    async signIn(code, address) {
      const now = clock.now()
      const good = looksLike(signInCode, code) && (await repo.takeCode(hashOf(code), now))
      if (!good) {
        attempts.bad(address)
        throw new MaestroError(
          'unauthenticated',
          'this sign-in link was used before, is older than ten minutes, or is not one of ours',
          {
            hint: 'run `maestro open` for a new one',
          },
        )
      }
      const cookieValue = newValue(sessionValue)
      const expiresAt = now + sessionLifetimeMs
      await repo.insertSession({ hash: hashOf(cookieValue), id: ids('ses'), now, expiresAt })
      return { cookieValue, expiresAt }
    },

    async signOut(actor) {
      if (actor.kind === 'browser') await repo.deleteSession(actor.sessionId)
    },

    async createToken(input) {
      const { name, scopes = [], expiresInDays } = parseOrThrow(NewToken, input, 'the token')
      const now = clock.now()
      const value = newValue(tokenValue)
      const token: TokenInfo = {
        id: ids('tok'),
        name,
        scopes: [...new Set(scopes)],
        createdAt: now,
        expiresAt: expiresInDays === undefined ? null : now + expiresInDays * DAY,
        lastUsedAt: null,
        revokedAt: null,
      }
      await repo.insertToken(hashOf(value), token)
      return { token, value }
    },

    listTokens: () => repo.listTokens(),

    async revokeToken(id) {
      const token = await repo.revokeToken(id, clock.now())
      if (token === undefined) {
        throw new MaestroError('not_found', `there is no token "${id}"`, { hint: 'see `maestro token list`' })
      }
      return token
    },

    async scopesOf(tokenId) {
      return (await repo.findUsableTokenById(tokenId, clock.now()))?.scopes
    },

    async authenticate(credentials) {
      if (credentials.peer === 'socket') return { kind: 'owner', via: 'socket' }
      if (credentials.authMode === 'off') return { kind: 'owner', via: 'loopback' }
      if (credentials.authorization !== undefined) return fromBearer(credentials.authorization, credentials.address)
      const actor = await fromCookie(credentials.cookie)
      if (actor !== undefined) return actor
      throw new MaestroError('unauthenticated', 'this address needs a signed-in browser or a bearer token', {
        hint: signInHint,
      })
    },

    sweep: () => repo.deleteExpired(clock.now()),
  }
}
