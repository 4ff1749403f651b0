// Sign-in links and tokens as tools. A value is in the answer to its making and nowhere else.

import { type AnyTool, defineTool, listOf } from '#src/core/index.ts'
import { z } from 'zod'
import type { Auth } from './auth.ts'
import { MadeToken, NewToken, SignInLink, TokenInfo } from './contract.ts'

/** `signInUrl` puts a code into an address a browser can open. */
export function authTools(auth: Auth, signInUrl: (code: string) => string): AnyTool[] {
  return [
    defineTool({
      name: 'session_link',
      title: 'Make a sign-in link',
      description: 'A link that signs one browser in, good once and for ten minutes.',
      effect: 'write',
      scope: 'session:write',
      input: z.object({}),
      output: SignInLink,
      http: { method: 'post', path: '/session/links', status: 201 },
      subject: () => ['session'],
      run: async () => {
        const { code, expiresAt } = await auth.createSignInCode()
        return { url: signInUrl(code), expiresAt }
      },
    }),
    defineTool({
      name: 'token_list',
      title: 'List tokens',
      description: 'Bearer tokens with their scopes and last use, never their values.',
      effect: 'read',
      scope: 'tokens:read',
      input: z.object({}),
      output: listOf(TokenInfo),
      http: { method: 'get', path: '/tokens' },
      subject: () => [],
      run: async () => ({ items: await auth.listTokens() }),
    }),
    defineTool({
      name: 'token_create',
      title: 'Make a token',
      description:
        'A bearer token for a program. Its value is in this answer only. A token for an agent works with everything but credentials, approvals, rules and brakes, and sees its own commands only; read-only tokens change nothing.',
      effect: 'write',
      scope: 'tokens:write',
      input: z.object({
        name: NewToken.shape.name,
        days: NewToken.shape.expiresInDays,
        readOnly: z.boolean().default(false),
        forAgent: z.boolean().default(false),
      }),
      output: MadeToken,
      http: { method: 'post', path: '/tokens', status: 201 },
      subject: ({ name }) => [`token:${name}`],
      run: async (_ctx, { name, days, readOnly, forAgent }) => {
        const { token, value } = await auth.createToken({
          name,
          ...(readOnly ? { scopes: ['*:read'] } : forAgent ? { scopes: ['*:write'] } : {}),
          ...(days === undefined ? {} : { expiresInDays: days }),
        })
        return { id: token.id, name: token.name, token: value, expiresAt: token.expiresAt }
      },
    }),
    defineTool({
      name: 'token_revoke',
      title: 'Revoke a token',
      description: 'The token stops working with the next request.',
      effect: 'destructive',
      scope: 'tokens:write',
      input: z.object({ tokenId: z.string().max(100) }),
      output: TokenInfo,
      http: { method: 'delete', path: '/tokens/{tokenId}' },
      subject: ({ tokenId }) => [`token:${tokenId}`],
      run: async (_ctx, { tokenId }) => auth.revokeToken(tokenId),
    }),
  ]
}
