// What the CLI holds to talk to Maestro: the owner of a data folder over its socket, or a remote node over
// HTTP(S) with a token. Loads nothing of the server.

import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { MaestroError } from '#src/core/index.ts'
import { createHttpClient, type MaestroClient } from './client-http.ts'
import { connectOwner, type OwnerConnection, type OwnerHello } from './owner-socket.ts'
import { notRunning, type OwnerClientOptions, reachOwner } from './reach-owner.ts'

export type { ClientAnswer, MaestroClient, StreamOptions } from './client-http.ts'
export { type ForwardOptions, forwardPort, type ForwardedPort } from './forward-port.ts'
export type { OwnerHello } from './owner-socket.ts'
export type { OwnerClientOptions } from './reach-owner.ts'
export type { SseEvent } from './sse-reader.ts'

export interface OwnerClient extends MaestroClient {
  /** Who answered first. */
  readonly owner: OwnerHello
}

/**
 * @throws `unavailable` when no owner runs (`must-run`) or none comes up (`start`); `conflict` when it is of
 *         another version; `forbidden` when its socket is not ours.
 */
export async function createOwnerClient(options: OwnerClientOptions): Promise<OwnerClient> {
  const first = await reachOwner(options)
  const { url } = first.hello
  // Only for the Host header, which is checked on the socket as elsewhere; the agent never resolves it.
  const base = new URL(`http://${url !== null && URL.canParse(url) ? new URL(url).host : 'localhost'}`)
  const client = createHttpClient({ agent: ownerAgent(first, options), base, headers: {}, who: 'the running Maestro' })
  return { owner: first.hello, ...client }
}

/** Keeps connections alive; the one that the hello came over is used first. */
function ownerAgent(first: OwnerConnection, options: OwnerClientOptions): Agent {
  const agent = new Agent({ keepAlive: true })
  let unused: OwnerConnection | undefined = first
  agent.createConnection = (_request, callback) => {
    const ready = unused
    unused = undefined
    if (ready !== undefined && !ready.socket.destroyed) return flowing(ready)
    connectOwner(options).then(
      (connection) => {
        if (connection === undefined) callback?.(notRunning(options.dataDir), undefined as never)
        else callback?.(null, flowing(connection))
      },
      (error: unknown) => callback?.(error as Error, undefined as never),
    )
    return undefined
  }
  const destroy = agent.destroy.bind(agent)
  agent.destroy = () => {
    unused?.socket.destroy()
    destroy()
  }
  return agent
}

/** It comes back from the hello paused, and the HTTP client would not resume it. The owner never speaks first. */
function flowing({ socket }: OwnerConnection): OwnerConnection['socket'] {
  return socket.resume()
}

export interface RemoteClientOptions {
  /** Where a node is reached, with or without a path: `https://maestro.example.org`. */
  readonly url: string
  readonly token: string
}

/** @throws `invalid_input` when the URL is none of http or https, or the token is empty. */
export function createRemoteClient(options: RemoteClientOptions): MaestroClient {
  const base = URL.canParse(options.url) ? new URL(options.url) : undefined
  if (base === undefined || (base.protocol !== 'http:' && base.protocol !== 'https:')) {
    throw new MaestroError(
      'invalid_input',
      `MAESTRO_URL is "${options.url}", which is no http:// or https:// address`,
      {
        hint: 'for example MAESTRO_URL=https://maestro.example.org',
      },
    )
  }
  if (base.username !== '' || base.password !== '') {
    throw new MaestroError(
      'invalid_input',
      'MAESTRO_URL holds a user name or password; the token alone says who you are',
      {
        hint: 'put the token into MAESTRO_TOKEN',
      },
    )
  }
  if (!/^[\x21-\x7e]+$/.test(options.token)) {
    throw new MaestroError('invalid_input', 'MAESTRO_TOKEN is empty or holds characters that no token has', {
      hint: 'make one on that machine: maestro token create <name>',
    })
  }
  const agent = base.protocol === 'https:' ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
  return createHttpClient({
    agent,
    base,
    headers: { authorization: `Bearer ${options.token}` },
    who: `Maestro at ${base.origin}`,
  })
}
