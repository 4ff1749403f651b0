// A process that owns a data folder by the real idea (an exclusive SQLite lock, then the socket) and answers a
// few HTTP requests. Started by tests the way the real owner is; `--fail <text>` dies instead.

import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { MaestroError, silentLog } from '#src/core/index.ts'
import { listenOwnerSocket } from '../owner-socket.ts'

const { values } = parseArgs({
  options: { 'data-dir': { type: 'string' }, version: { type: 'string', default: '1.0.0' }, fail: { type: 'string' } },
})
const dataDir = values['data-dir']
if (dataDir === undefined) throw new MaestroError('invalid_input', 'no --data-dir')

if (values.fail !== undefined) {
  process.stderr.write(`${values.fail}\n`)
  process.exit(1)
}
// For tests that count: every process that tried, whether it won or not.
appendFileSync(join(dataDir, 'starts'), `${process.pid}\n`)

const lock = new DatabaseSync(join(dataDir, 'owner.lock'), { timeout: 0 })
try {
  lock.exec('begin exclusive')
} catch {
  process.exit(0)
}
appendFileSync(join(dataDir, 'owners'), `${process.pid}\n`)

const server = createServer((request, response) => {
  if (request.url === '/stop') {
    response.end('{}', () => void leave())
    return
  }
  if (request.url === '/stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`id: 7\nevent: task\ndata: {"after":"${String(request.headers['last-event-id'] ?? '')}"}\n\n`)
    response.end('event: end\ndata: {}\n\n')
    return
  }
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({ env: Object.keys(process.env), pid: process.pid, method: request.method, path: request.url }),
  )
})

const socket = await listenOwnerSocket({
  dataDir,
  version: values.version,
  onHttp: (connection) => server.emit('connection', connection),
  log: silentLog,
  url: () => 'http://127.0.0.1:3000',
})

async function leave(): Promise<void> {
  await socket[Symbol.asyncDispose]()
  lock.close()
}

// Whatever a test forgets, this does not stay.
setTimeout(() => process.exit(3), 60_000).unref()
process.on('SIGTERM', () => void leave())
