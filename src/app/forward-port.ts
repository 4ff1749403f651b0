// A TCP port whose connections the owner serves: each is handed to it over its socket, with the word where it came in.
// Holds no state, so any number of ports can be open, and outlives the owner: the next connection finds, or starts,
// another one. Leaves out who may come in and what is served there, which the owner decides.

import { createServer, type Socket } from 'node:net'
import { bindPort, MaestroError, type McpProfile, toMaestroError } from '#src/core/index.ts'
import type { TcpHello } from './owner-hello.ts'
import { connectOwner, type OwnerConnection } from './owner-socket.ts'
import { type OwnerClientOptions, reachOwner } from './reach-owner.ts'

export interface ForwardOptions extends Omit<OwnerClientOptions, 'hello' | 'anyVersion'> {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly profiles: readonly McpProfile[]
  /** A connection could not be handed over: for a person who looks. */
  readonly onProblem: (error: MaestroError) => void
}

export interface ForwardedPort extends AsyncDisposable {
  /** `http://127.0.0.1:8222` */
  readonly url: string
}

const tries = 3

/**
 * Resolves when the port is open and the owner serves it.
 * @throws `conflict` when the port is in use or the owner does not serve such a port; `invalid_input` when it cannot
 *         be bound; `unavailable` when no owner comes up
 */
export async function forwardPort(options: ForwardOptions): Promise<ForwardedPort> {
  const { host, profiles, version } = options
  const open = new Set<Socket>()
  /** Many connections at once start one owner. */
  let starting: Promise<void> | undefined
  let { port } = options

  const connectFor = async (peer: string): Promise<OwnerConnection> => {
    const hello: TcpHello = { maestro: 'tcp', version, bind: { host, port }, peer, profiles: [...profiles] }
    // Bytes are carried, whatever they say: a newer owner is as good.
    const wanted = { ...options, hello, anyVersion: true }
    for (let left = tries; left > 0; left--) {
      const connection = await connectOwner(wanted)
      if (connection !== undefined) return connection
      await (starting ??= reachOwner({ ...options, anyVersion: true })
        .then(({ socket }) => void socket.destroy())
        .finally(() => (starting = undefined)))
    }
    throw new MaestroError('unavailable', 'Maestro starts and ends again at once', { hint: 'look at `maestro status`' })
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    connectFor(socket.remoteAddress ?? 'unknown').then(
      (owner) => join(socket, owner.socket),
      (thrown: unknown) => {
        const error = toMaestroError(thrown)
        options.onProblem(error)
        refuse(socket, error)
      },
    )
  })
  port = await bindPort(server, options, {
    inUse: `choose another with --port, or look who has it: ss -ltnp 'sport = :${options.port}'`,
    other: 'choose others with --host and --port',
  })
  try {
    const { socket } = await connectFor('127.0.0.1')
    socket.destroy()
  } catch (thrown) {
    server.close()
    throw thrown
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

/** Both ways, with either's end and either's loss told to the other. */
function join(outside: Socket, owner: Socket): void {
  if (outside.destroyed) {
    owner.destroy()
    return
  }
  outside.on('close', () => owner.destroy())
  owner.on('close', () => outside.destroySoon())
  outside.pipe(owner)
  owner.pipe(outside)
}

/** Whoever is there speaks HTTP, and can come again. */
function refuse(socket: Socket, error: MaestroError): void {
  const body = JSON.stringify({
    title: 'Maestro does not answer',
    status: 503,
    code: error.code,
    detail: error.message,
  })
  socket.end(
    `HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 2\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
  socket.resume()
}
