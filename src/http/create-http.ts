// The HTTP server: one port (and any socket handed in) for the page, the API, SSE and WebSocket. Puts the
// parts in order: headers, guards, sign-in, route. Knows tools and streams by their ports only.

import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { Credentials } from '#src/auth/index.ts'
import { type Actor, MaestroError, randomIds, SECOND } from '#src/core/index.ts'
import { eventRoutes, findPlace } from './event-routes.ts'
import { createForwarding } from './forwarding.ts'
import { guard, guardRules, type GuardRules } from './guards.ts'
import { securityHeaders } from './headers.ts'
import { bindServer, isLoopback, openSockets } from './listening.ts'
import { openApiDocument } from './openapi.ts'
import { mcpPaths, mcpRefusal, mcpRoute } from './mcp-route.ts'
import { createExecutionSockets } from './maistro/execution-socket.ts'
import { isMaistroPath, toFailure } from './maistro/maistro-route.ts'
import { maistroRoutes } from './maistro/routes.ts'
import { createPageRoutes } from './page-routes.ts'
import { apiDocsPage, plainStylePath } from './plain-pages.ts'
import type { HttpDeps, HttpRoom } from './ports.ts'
import { HttpRefusal, problemHeaders, toProblem } from './problems.ts'
import { bySpecificity, type Env, type Route, routerPath } from './route.ts'
import { createChanges } from './streams/changes.ts'
import { createHub } from './streams/hub.ts'
import { createSockets } from './streams/websocket.ts'
import { systemRoutes } from './system-routes.ts'
import { toolRoutes } from './tool-routes.ts'
import { answerUpgrade, upgradeTarget } from './upgrade.ts'

/** @throws `invalid_input` for a bind beyond loopback without sign-in; `internal` for two routes of one name. */
export function createHttp(deps: HttpDeps): HttpRoom {
  const { auth, config, log, ids = randomIds, heartbeatMs = 15 * SECOND } = deps
  if (config.authMode === 'off' && !isLoopback(config.host)) {
    throw new MaestroError(
      'invalid_input',
      `sign-in is off and the address to bind is "${config.host}"; without sign-in only loopback is allowed`,
      {
        hint: 'set HOST=127.0.0.1, or remove MAESTRO_AUTH=off',
      },
    )
  }
  const isSecure = config.publicUrl?.startsWith('https:') ?? false
  const trusted = new WeakSet<Duplex>()
  const forwarding = createForwarding(config)
  const hub = createHub({ source: deps.streams, auth, log, heartbeatMs })
  const changes = createChanges(hub, deps.policyChanges)
  const sockets = createSockets(hub)
  const executions = createExecutionSockets({ hub, calls: deps.calls })
  let rules: GuardRules = guardRules(config)
  /** For calls that belong to a socket rather than to a request. */
  const closed = new AbortController()

  const credentialsOf = (incoming: IncomingMessage): Credentials => ({
    cookie: incoming.headers.cookie,
    authorization: incoming.headers.authorization,
    peer: trusted.has(incoming.socket) ? 'socket' : 'tcp',
    authMode: config.authMode,
    address: forwarding.of(incoming.socket)?.peer ?? incoming.socket.remoteAddress ?? 'unknown',
  })
  const admit = (incoming: IncomingMessage): void => {
    // Node keeps the first of several; a proxy in front may have gone by another (RFC 9112, 3.2).
    if ((incoming.headersDistinct['host']?.length ?? 0) > 1)
      throw new HttpRefusal(400, 'invalid_input', 'the request has more than one Host header')
    if (trusted.has(incoming.socket)) return
    const request = { method: incoming.method ?? '', target: incoming.url ?? '', headers: incoming.headers }
    const forwarded = forwarding.of(incoming.socket)
    guard(request, forwarded?.rules ?? rules)
    if (forwarded !== undefined) forwarding.assertServed(request.target)
  }
  const authenticate = (incoming: IncomingMessage): Promise<Actor> => auth.authenticate(credentialsOf(incoming))

  let document: object | undefined
  const routes: Route[] = [
    ...systemRoutes({ ...deps, isSecure, document: () => (document ??= openApiDocument(routes, deps.version)) }),
    ...eventRoutes({ hub, changes, credentialsOf: (context) => credentialsOf(context.env.incoming) }),
    ...toolRoutes(deps.tools, deps.calls, log),
    ...maistroRoutes({ calls: deps.calls, log }),
  ].sort(bySpecificity)
  refuseDuplicates(routes)

  const app = new Hono<Env>()
  const signedIn = async (context: Context<Env>, next: () => Promise<void>): Promise<void> => {
    context.set('actor', await authenticate(context.env.incoming))
    await next()
  }
  app.use(async (context, next) => {
    context.set('requestId', requestIdOf(context.env.incoming))
    admit(context.env.incoming)
    await next()
  })
  for (const route of routes) {
    const path = routerPath(route.path)
    if (route.isOpen !== true) app.on(route.method.toUpperCase(), path, signedIn)
    app.on(route.method.toUpperCase(), path, (context) => route.handle(context))
  }
  app.all('/api/*', signedIn, (context) => {
    throw new MaestroError('not_found', `there is no ${context.req.method} ${context.req.path.slice(0, 200)}`, {
      hint: 'see /api-docs',
    })
  })
  const { mcp } = deps
  if (mcp !== undefined) {
    const handle = (context: Context<Env>): Promise<Response> =>
      mcpRoute(mcp, context, forwarding.of(context.env.incoming.socket)?.profiles)
    for (const path of mcpPaths) app.all(path, signedIn, handle)
  }
  app.get('/api-docs', signedIn, (context) => context.html(apiDocsPage(routes, deps.version)))
  const pages = createPageRoutes({
    auth,
    isSecure,
    staticDir: deps.staticDir,
    isSignedIn: (context) => authenticate(context.env.incoming).then(Boolean, () => false),
    addressOf: (context) => credentialsOf(context.env.incoming).address,
  })
  app.get('/signin', (context) => pages.signIn(context))
  app.get(plainStylePath, (context) => pages.style(context))
  app.get('*', (context) => pages.page(context))
  app.notFound((context) => {
    throw new MaestroError('not_found', `there is no ${context.req.method} ${context.req.path.slice(0, 200)}`)
  })

  /** Every failure of every route ends here. */
  const refuse = (thrown: unknown, requestId: string, path: string): Response => {
    const problem = toProblem(thrown, requestId)
    if (problem.status >= 500 && problem.code !== 'unavailable')
      log.error({ error: thrown, requestId, path }, 'a request failed')
    else log.debug({ code: problem.code, detail: problem.detail, requestId, path }, 'a request was refused')
    if (deps.mcp !== undefined && mcpPaths.includes(path)) return mcpRefusal(thrown, requestId)
    const headers = problemHeaders(problem)
    return isMaistroPath(path)
      ? new Response(JSON.stringify(toFailure(problem)), {
          status: problem.status,
          headers: { ...headers, 'content-type': 'application/json' },
        })
      : new Response(JSON.stringify(problem), { status: problem.status, headers })
  }
  app.onError((error, context) => refuse(error, context.get('requestId'), context.req.path))

  const requestIdOf = (incoming: IncomingMessage): string => {
    const given = incoming.headers['x-request-id']
    return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : ids('req')
  }

  const listener = getRequestListener(app.fetch, {
    errorHandler: (error) =>
      refuse(
        new MaestroError('invalid_input', 'the request is not valid HTTP for this server', { cause: error }),
        ids('req'),
        '',
      ),
  })
  const server = createServer((incoming, outgoing) => {
    for (const [name, value] of securityHeaders) outgoing.setHeader(name, value)
    const requestId = requestIdOf(incoming)
    incoming.headers['x-request-id'] = requestId
    outgoing.setHeader('X-Request-Id', requestId)
    void listener(incoming, outgoing)
  })
  server.keepAliveTimeout = 65 * SECOND
  const open = openSockets(server)

  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const onEarlyError = () => socket.destroy()
    socket.on('error', onEarlyError)
    const upgrade = async () => {
      admit(incoming)
      const actor = await authenticate(incoming)
      const credentials = credentialsOf(incoming)
      const target = upgradeTarget(incoming)
      if (target.kind === 'execution') {
        const requestId = requestIdOf(incoming)
        const ctx = { actor, signal: closed.signal, traceId: requestId, log: log.child({ requestId }) }
        const viewing = await executions.find(ctx, target.workflowId, target.runId)
        socket.off('error', onEarlyError)
        executions.accept(incoming, socket, head, credentials, viewing)
      } else {
        const place = await findPlace(deps.streams, actor, target.id, target.after)
        socket.off('error', onEarlyError)
        sockets.accept(incoming, socket, head, credentials, place)
      }
    }
    upgrade().catch((error: unknown) => answerUpgrade(socket, toProblem(error, requestIdOf(incoming))))
  })

  let closing: Promise<void> | undefined
  return {
    server,
    routes: routes.map(({ method, path }) => ({ method, path })),
    trustSocket: (socket) => void trusted.add(socket),
    forwardSocket: (socket, from) => forwarding.add(socket, from),
    whyNotForward: (bind) => forwarding.whyNot(bind),
    async listen() {
      const port = await bindServer(server, config)
      rules = guardRules({ ...config, port })
      const name = config.host.includes(':') ? `[${config.host}]` : config.host
      return { host: config.host, port, url: config.publicUrl ?? `http://${name}:${port}` }
    },
    close: ({ graceMs = 5 * SECOND } = {}) =>
      (closing ??= (async () => {
        changes.close()
        hub.close()
        await open.close(graceMs, () => {
          sockets.terminate()
          executions.terminate()
        })
        closed.abort()
      })()),
  }
}

function refuseDuplicates(routes: readonly Route[]): void {
  const seen = new Set<string>()
  for (const route of routes) {
    const name = `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`
    if (seen.has(name)) throw new MaestroError('internal', `two routes answer to ${name}; the second is ${route.id}`)
    seen.add(name)
  }
}
