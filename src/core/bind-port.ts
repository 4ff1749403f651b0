// Binding a TCP port, with an answer a person can use.

import type { AddressInfo, Server } from 'node:net'
import { isNodeError, MaestroError } from './errors.ts'

/** What to do next, in the words of whoever asked for the port. */
export interface BindHints {
  readonly inUse: string
  readonly other: string
}

/** Gives the port it was bound to. @throws `conflict` when it is in use, `invalid_input` when it cannot be bound */
export async function bindPort(
  server: Server,
  bind: { host: string; port: number },
  hints: BindHints,
): Promise<number> {
  const { host, port } = bind
  await new Promise<void>((resolve, reject) => {
    const onError = (error: Error) => reject(bindError(error, bind, hints))
    server.once('error', onError)
    server.listen({ host, port }, () => {
      server.off('error', onError)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

function bindError(error: Error, { host, port }: { host: string; port: number }, hints: BindHints): MaestroError {
  const code = isNodeError(error) ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new MaestroError(
      'conflict',
      `port ${port} on ${host} is in use, by another program or by a Maestro with another data folder`,
      { hint: hints.inUse, details: { host, port }, cause: error },
    )
  }
  const why =
    code === 'EACCES'
      ? 'this user may not use it'
      : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
        ? 'this machine has no such address'
        : error.message
  return new MaestroError('invalid_input', `cannot listen on ${host} port ${port}: ${why}`, {
    hint: hints.other,
    cause: error,
  })
}
