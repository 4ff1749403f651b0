// The server's sockets: binding with an answer a person can use, refusing broken HTTP, and closing in
// bounded time.

import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { bindPort } from '#src/core/index.ts'
import { securityHeaders } from './headers.ts'

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Gives the port it was bound to. @throws `conflict` when it is in use, `invalid_input` when it cannot be bound */
export function bindServer(server: Server, bind: { host: string; port: number }): Promise<number> {
  const free = bind.port < 65_535 ? bind.port + 1 : 3_000
  return bindPort(server, bind, {
    inUse: `choose another, as in PORT=${free} npm start; \`lsof -i :${bind.port}\` or \`ss -ltnp\` says who holds it`,
    other: 'set HOST and PORT, as in HOST=127.0.0.1 PORT=3000',
  })
}

/** Every socket of the server, those handed in by `connection` too. */
export function openSockets(server: Server): { close(graceMs: number, onGraceOver: () => void): Promise<void> } {
  const sockets = new Set<Duplex>()
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return void socket.destroy()
    const headers = securityHeaders.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    socket.end(`HTTP/1.1 400 Bad Request\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`)
  })
  return {
    async close(graceMs, onGraceOver) {
      const stopped = server.listening
        ? new Promise<void>((resolve) => server.close(() => resolve()))
        : Promise.resolve()
      const idle = setInterval(() => server.closeIdleConnections(), 25)
      const isEmpty = new Promise<void>((resolve) => {
        const check = () => {
          if (sockets.size === 0) resolve()
        }
        for (const socket of sockets) socket.once('close', check)
        server.closeIdleConnections()
        check()
      })
      let timer: NodeJS.Timeout | undefined
      const graceOver = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          onGraceOver()
          for (const socket of sockets) socket.destroy()
          resolve()
        }, graceMs)
      })
      await Promise.race([isEmpty, graceOver])
      clearTimeout(timer)
      clearInterval(idle)
      await stopped
    },
  }
}
