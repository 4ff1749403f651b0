// The same log over WebSocket: one message per event, the same JSON, then {"type":"end"}. Bounded like SSE:
// the cursor waits while the socket is full. What clients send is ignored.

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Credentials } from '#src/auth/index.ts'
import { closeCodes } from './close-codes.ts'
import { follow, type Follower } from './follow.ts'
import type { Hub } from './hub.ts'

const maxPayload = 64 * 1024

export interface Sockets {
  /** Takes over a request to upgrade that guards and sign-in have let through. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    credentials: Credentials,
    from: { rootId: string; taskId: string; cursor: number },
  ): void
  /** Cuts those that did not close by themselves. */
  terminate(): void
}

export function createSockets(hub: Hub): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, clientTracking: true })
  return {
    accept(request, socket, head, credentials, from) {
      server.handleUpgrade(request, socket, head, (ws) => {
        const opened = hub.open(from.rootId)
        let follower: Follower | undefined
        let isAlive = true
        const member = hub.join({
          credentials,
          beat() {
            // Two beats without an answer: the peer is gone, or has stalled for that long.
            if (!isAlive) return ws.terminate()
            isAlive = false
            ws.ping()
          },
          stop: (reason) => ws.close(reason === 'closing' ? closeCodes.restart : closeCodes.policy, reason),
        })
        const onDrain = () => follower?.resume()
        socket.on('drain', onDrain)
        ws.on('pong', () => {
          isAlive = true
        })
        ws.on('error', (error) => hub.log.debug({ error }, 'a websocket failed'))
        ws.on('close', () => {
          socket.off('drain', onDrain)
          follower?.stop()
          member[Symbol.dispose]()
          opened[Symbol.dispose]()
        })
        follower = follow(opened.log, from, {
          write(slice) {
            for (const frame of slice.frames) ws.send(frame.json, { binary: false })
            return !socket.writableNeedDrain
          },
          end() {
            ws.send('{"type":"end"}')
            ws.close(closeCodes.done)
          },
          fail: () => ws.close(closeCodes.failed, 'read failed'),
        })
      })
    },
    terminate() {
      for (const ws of server.clients) ws.terminate()
    },
  }
}
