// Sign-in without a database: fixed credentials, the real answers.

import type { Auth } from '#src/auth/index.ts'
import { MaestroError } from '#src/core/index.ts'

export interface FakeAuth extends Auth {
  /** Values of cookies that are signed in. */
  readonly sessions: Set<string>
  readonly codes: Set<string>
}

export const goodToken = 'mst_good'
export const goodCookie = 'maestro_session=mss_good'

export function createFakeAuth(): FakeAuth {
  const sessions = new Set(['mss_good'])
  const codes = new Set<string>()
  const unused = () => Promise.reject(new MaestroError('unsupported', 'not part of this fake'))
  return {
    sessions,
    codes,
    createSignInCode: unused,
    createToken: unused,
    listTokens: unused,
    revokeToken: unused,
    scopesOf: () => Promise.resolve([]),
    sweep: () => Promise.resolve(),
    signIn(code) {
      if (!codes.delete(code))
        return Promise.reject(new MaestroError('unauthenticated', 'this sign-in link was used before'))
      sessions.add('mss_new')
      return Promise.resolve({ cookieValue: 'mss_new', expiresAt: 0 })
    },
    signOut(actor) {
      if (actor.kind === 'browser') sessions.delete(actor.sessionId)
      return Promise.resolve()
    },
    authenticate({ peer, authMode, authorization, cookie }) {
      if (peer === 'socket') return Promise.resolve({ kind: 'owner', via: 'socket' })
      if (authMode === 'off') return Promise.resolve({ kind: 'owner', via: 'loopback' })
      if (authorization === `Bearer ${goodToken}`)
        return Promise.resolve({ kind: 'token', tokenId: 'tok_1', name: 'test' })
      const value = /maestro_session=(\w+)/.exec(cookie ?? '')?.[1]
      if (value !== undefined && sessions.has(value)) return Promise.resolve({ kind: 'browser', sessionId: value })
      return Promise.reject(new MaestroError('unauthenticated', 'not signed in'))
    },
  }
}
