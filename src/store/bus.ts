// Messages between nodes, on LISTEN/NOTIFY. A message is a hint that something changed, never the change
// itself: a listener that may have missed some is told so (onGap) and reads the tables again.

import { MaestroError } from '#src/core/index.ts'

export interface Bus extends AsyncDisposable {
  listen(channel: string, onMessage: (payload: string) => void, onGap?: () => void): Promise<AsyncDisposable>
}

/** PostgreSQL takes less than 8,000 bytes. */
const maxPayloadBytes = 7_000

/** @throws `invalid_input` */
export function checkChannel(channel: string): void {
  if (/^[a-z][a-z0-9_]{0,59}$/.test(channel)) return
  throw new MaestroError(
    'invalid_input',
    `${JSON.stringify(channel)} is not a channel: lower-case letters, digits and _, at most 60, starting with a letter`,
  )
}

/** @throws `invalid_input` */
export function checkPayload(channel: string, payload: string): void {
  const bytes = Buffer.byteLength(payload)
  if (bytes <= maxPayloadBytes) return
  throw new MaestroError(
    'invalid_input',
    `a message on ${channel} has ${bytes} bytes; at most ${maxPayloadBytes} fit`,
    {
      hint: 'write the content to a table and send its key',
    },
  )
}
