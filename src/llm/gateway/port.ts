// The gateway's port: free at the first start, then the same one for as long as the data folder lives,
// since agents that outlive the server know the address. Another one when it is taken.

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { isNodeError, type Log } from '#src/core/index.ts'
import { readTextIfExists, writeFileAtomic } from '#src/store/index.ts'

export async function listenOn(server: Server, dataDir: string, log: Log): Promise<string> {
  const file = join(dataDir, 'gateway-port')
  const known = Number((await readTextIfExists(file))?.trim())
  const wanted = Number.isInteger(known) && known > 0 && known < 65_536 ? known : 0
  const port = await bind(server, wanted).catch((error: unknown) => {
    if (wanted === 0 || !isNodeError(error)) throw error
    log.warn({ port: wanted, code: error.code }, 'the gateway’s port is taken: agents that still run lose their model')
    return bind(server, 0)
  })
  if (port !== wanted) await writeFileAtomic(file, `${port}\n`, { mode: 0o600 })
  return `http://127.0.0.1:${port}`
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
