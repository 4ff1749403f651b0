// The gateway between agents and models: an HTTP listener on loopback. An agent knows its address and a
// token that is good for one turn, one provider and one model; the provider's key is added on the way out.
// Grants and calls are in the database, so a running agent goes on after a restart of the server.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, type Ids, type Log, MINUTE, SECOND, toMaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Models, ProviderAccess } from '../models.ts'
import { keyHeaders, wireHeaders } from '../providers.ts'
import { createCallsRepo, type GrantRow } from './calls-repo.ts'
import { createGrants, type Grants, hashOf } from './grants.ts'
import { headersOut, tokenIn } from './headers.ts'
import { createLedger } from './ledger.ts'
import type { Outgoing } from './outgoing.ts'
import { listenOn } from './port.ts'
import { maxBodyBytes, readBody, readCall } from './request-body.ts'
import { relay } from './relay.ts'
import { type Refusal, refusalBody } from './refusal.ts'
import { type Format, isSameModel, pathTokenOf, readTarget, type Route } from './routes.ts'
import { nothingTold } from './usage.ts'

export interface Gateway extends Grants, AsyncDisposable {
  /** Binds the port that this data folder had before, or another when that is taken. */
  listen(): Promise<{ url: string }>
}

export interface GatewayDeps {
  readonly dataDir: string
  readonly nodeId: string
  readonly store: Pick<Store, 'db' | 'tx'>
  readonly models: Pick<Models, 'access' | 'priceOf'>
  readonly outgoing: Outgoing
  /** The workflow of a run, for the sums by workflow. */
  readonly workflowOf: (runId: string) => Promise<string | null>
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

const unknownToken: Refusal = {
  status: 401,
  message: 'Maestro’s gateway does not know this token: its turn may have ended',
}

/** Agents work one or a few calls at a time; a grant that opens more has got loose. */
const maxCallsAtOnce = 32

export function createGateway(deps: GatewayDeps): Gateway {
  const { models, outgoing, clock, log, nodeId } = deps
  const repo = createCallsRepo(deps.store)
  const ledger = createLedger({ repo, nodeId, clock, ids: deps.ids, priceOf: models.priceOf })
  let url: string | null = null
  let startedAt = clock.now()
  /** Calls under way, by turn: what ends them, and when they have ended and are settled. */
  const underWay = new Map<string, Map<AbortController, Promise<void>>>()
  /** Addresses that refuse to be asked for usage. */
  const notAsked = new Set<string>()

  const grants = createGrants({
    ...deps,
    repo,
    ledger,
    url: () => url,
    startedAt: () => startedAt,
    async endCalls(turnId) {
      const calls = [...(underWay.get(turnId) ?? [])]
      for (const [controller] of calls) controller.abort()
      await Promise.all(calls.map(([, done]) => done))
    },
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (refusal: Refusal, format: Format = 'chat'): void => sendRefusal(response, refusal, format)
    const target = request.url ?? '/'
    // A page in a browser has no business here, token or not.
    if (request.headers.origin !== undefined) return refuse({ status: 403, message: 'not for web pages' })
    const token = pathTokenOf(target) ?? tokenIn(request.headers)
    const grant = token === null ? undefined : await repo.findOpenGrant(hashOf(token), clock.now())
    if (grant === undefined) return refuse(unknownToken)
    let access: ProviderAccess
    try {
      access = await models.access(grant.provider)
    } catch (thrown) {
      const { message } = toMaestroError(thrown)
      return refuse({ status: 401, message })
    }
    const { route } = readTarget(access.api, request.method ?? 'GET', target)
    if (route === null) {
      const what = `${request.method ?? ''} ${target
        .split('?', 1)[0]
        ?.replace(/^\/t\/[^/]+/, '')
        .slice(0, 200)}`
      return refuse({ status: 404, message: `Maestro’s gateway does not pass ${what} on to ${access.title}` })
    }
    if (route.kind === 'probe') {
      response.writeHead(200).end()
      return undefined
    }
    if (route.kind === 'models') return passFree(request, response, access, route.path, null)
    return call(request, response, grant, access, route)
  }

  /** Lists and counts: they cost nothing, so nothing is entered. */
  async function passFree(
    request: IncomingMessage,
    response: ServerResponse,
    access: ProviderAccess,
    path: string,
    body: Buffer | null,
  ): Promise<void> {
    const controller = new AbortController()
    endWith(response, controller)
    const relayed = await relay(
      outgoing,
      {
        format: 'chat',
        title: access.title,
        request: outRequest(request, access, path, body),
        asking: null,
        key: access.apiKey,
        signal: controller.signal,
      },
      response,
    )
    if (relayed.refusal !== null) sendRefusal(response, relayed.refusal, 'chat')
  }

  async function call(
    request: IncomingMessage,
    response: ServerResponse,
    grant: GrantRow,
    access: ProviderAccess,
    route: Extract<Route, { kind: 'call' }>,
  ): Promise<void> {
    const { format } = route
    const refuse = (refusal: Refusal): void => sendRefusal(response, refusal, format)
    const given = await readBody(request)
    if (given === null) {
      return refuse({ status: 413, message: `a request may have ${maxBodyBytes} bytes at most` })
    }
    const asked = readCall(format, given, route.model, JSON.parse(grant.withheld_tools) as string[])
    if (asked === null || asked.models.length === 0) {
      return refuse({ status: 400, message: 'the request is not a JSON object that names a model' })
    }
    const other = asked.models.find((model) => !isSameModel(model, grant.model))
    if (other !== undefined) {
      return refuse({ status: 403, message: `this turn was given the model "${grant.model}", not "${other}"` })
    }
    const { body } = asked
    if (route.isFree) return passFree(request, response, access, route.path, body)
    const ofTurn = underWay.get(grant.turn_id) ?? new Map<AbortController, Promise<void>>()
    if (ofTurn.size >= maxCallsAtOnce) {
      return refuse({ status: 429, message: `a turn may make ${maxCallsAtOnce} model calls at once` })
    }
    const controller = new AbortController()
    endWith(response, controller)
    const work = (async () => {
      // The body may have taken longer than the turn: what goes out now would be in no sum.
      const isOpen = (await repo.findOpenGrant(grant.token_hash, clock.now())) !== undefined
      const { aborted: isClosing } = controller.signal
      if (!isOpen || isClosing) return refuse(unknownToken)
      // Named as the turn was: how an agent spells it on the way is no other model.
      const entry = await ledger.begin(grant, grant.model, body.length)
      if (!('id' in entry)) return refuse({ status: 402, message: `${entry.message}. ${entry.hint}` })
      const relayed = await relay(
        outgoing,
        {
          format,
          title: access.title,
          request: outRequest(request, access, route.path, body),
          asking: notAsked.has(access.root) ? null : asked.asking,
          key: access.apiKey,
          signal: controller.signal,
        },
        response,
      )
      if (relayed.refusal !== null) {
        const status = controller.signal.aborted ? 'cut_off' : 'failed'
        await ledger.settle(entry, grant, { status, httpStatus: null, usage: nothingTold })
        return refuse(relayed.refusal)
      }
      if (relayed.refusedAsking) notAsked.add(access.root)
      return ledger.settle(entry, grant, relayed)
    })()
    underWay.set(grant.turn_id, ofTurn)
    const done = work
      .catch((error: unknown) => {
        log.warn({ err: error, turnId: grant.turn_id }, 'a model call could not be recorded')
        refuse({ status: 503, message: 'Maestro could not record the call' })
      })
      .finally(() => {
        ofTurn.delete(controller)
        if (ofTurn.size === 0) underWay.delete(grant.turn_id)
      })
    ofTurn.set(controller, done)
    await done
  }

  const server = createServer(
    {
      maxHeaderSize: 64 * 1024,
      headersTimeout: 30 * SECOND,
      requestTimeout: 5 * MINUTE,
      // Longer than clients keep their idle connections, so that it is they who close them.
      keepAliveTimeout: 5 * MINUTE,
    },
    (request, response) => {
      response.on('error', () => undefined)
      answer(request, response).catch((error: unknown) => {
        log.warn({ err: error }, 'a request to the gateway failed')
        sendRefusal(response, { status: 503, message: 'Maestro’s gateway is not ready' }, 'chat')
      })
    },
  )

  return {
    open: grants.open,
    close: grants.close,
    async listen() {
      url = await listenOn(server, deps.dataDir, log)
      startedAt = clock.now()
      // What this node had under way when it was ended last: nobody will ever say what became of it.
      await repo.cutOff({ nodeId }, startedAt)
      return { url }
    },
    async [Symbol.asyncDispose]() {
      for (const calls of underWay.values()) for (const controller of calls.keys()) controller.abort()
      await Promise.allSettled([...underWay.values()].flatMap((calls) => [...calls.values()]))
      await new Promise<void>((resolve) => {
        if (!server.listening) return resolve()
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function outRequest(request: IncomingMessage, access: ProviderAccess, path: string, body: Buffer | null) {
  const own = { ...keyHeaders(access.api, access.apiKey) }
  const wire = Object.fromEntries(
    Object.entries(wireHeaders(access.api)).filter(([name]) => request.headers[name] === undefined),
  )
  return {
    method: body === null ? ('GET' as const) : ('POST' as const),
    url: new URL(access.root + path),
    headers: headersOut(request.headers, { ...wire, ...own }),
    body,
  }
}

/** An agent that has gone away wants no answer any more, and nobody else does. */
function endWith(response: ServerResponse, controller: AbortController): void {
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
}

function sendRefusal(response: ServerResponse, refusal: Refusal, format: Format): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(refusal.status, {
    'content-type': 'application/json',
    // Of what is left of a body that is too large nothing is read.
    ...(refusal.status === 413 ? { connection: 'close' } : {}),
  })
  response.end(refusalBody(format, refusal))
}
