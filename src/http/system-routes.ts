// Routes of the server itself: health, readiness, who is signed in, the API's own document.

import { z } from 'zod'
import { type Auth, clearSessionCookie } from '#src/auth/index.ts'
import { Session } from './contract.ts'
import type { HttpDeps } from './ports.ts'
import { readJsonBody } from './input.ts'
import type { Route } from './route.ts'
import { apiBase } from './tool-routes.ts'

const Health = z.object({ status: z.literal('ok') })
const Ready = z.object({ ready: z.boolean(), checks: z.array(z.object({ name: z.string(), ok: z.boolean() })) })
const SignedOut = z.object({ signedOut: z.boolean() })

const json = 'application/json'

export function systemRoutes(
  deps: Pick<HttpDeps, 'health' | 'version' | 'about'> & { auth: Auth; isSecure: boolean; document: () => object },
): Route[] {
  const { auth, isSecure, about, version } = deps
  return [
    {
      method: 'get',
      path: `${apiBase}/health`,
      isOpen: true,
      id: 'health',
      summary: 'Is the server alive?',
      description: 'Answers as long as the process does.',
      group: 'system',
      success: { status: 200, description: 'Alive', type: json, schema: Health },
      handle: (context) => context.json({ status: 'ok' }, 200, { 'cache-control': 'no-store' }),
    },
    {
      method: 'get',
      path: `${apiBase}/ready`,
      isOpen: true,
      id: 'ready',
      summary: 'Can the server take work?',
      description: 'Status 503 with the same body when it cannot.',
      group: 'system',
      success: { status: 200, description: 'Ready', type: json, schema: Ready },
      async handle(context) {
        const { ready, checks } = await deps.health()
        const body = { ready, checks: checks.map(({ name, ok }) => ({ name, ok })) }
        return context.json(body, ready ? 200 : 503, { 'cache-control': 'no-store' })
      },
    },
    {
      method: 'get',
      path: `${apiBase}/session`,
      id: 'session',
      summary: 'Who am I here?',
      description: 'The caller as the server sees it, and which server this is.',
      group: 'system',
      success: { status: 200, description: 'The caller', type: json, schema: Session },
      handle: (context) =>
        context.json({ actor: context.get('actor'), version, nodeName: about.nodeName, dataDir: about.dataDir }, 200, {
          'cache-control': 'no-store',
        }),
    },
    {
      method: 'post',
      path: `${apiBase}/session/signout`,
      id: 'signout',
      summary: 'Sign out',
      description: "Ends the browser's session, its open streams within a heartbeat. Other callers: nothing to end.",
      group: 'system',
      success: { status: 200, description: 'Whether there was a session', type: json, schema: SignedOut },
      async handle(context) {
        await readJsonBody(context.env.incoming)
        const actor = context.get('actor')
        await auth.signOut(actor)
        context.header('set-cookie', clearSessionCookie(isSecure))
        return context.json({ signedOut: actor.kind === 'browser' }, 200, { 'cache-control': 'no-store' })
      },
    },
    {
      method: 'get',
      path: `${apiBase}/openapi.json`,
      id: 'openapi',
      summary: 'This document',
      description: 'OpenAPI 3.1 of every route under /api/v1.',
      group: 'system',
      success: { status: 200, description: 'The document', type: json, schema: z.record(z.string(), z.unknown()) },
      handle: (context) => context.json(deps.document(), 200, { 'cache-control': 'no-cache' }),
    },
  ]
}
