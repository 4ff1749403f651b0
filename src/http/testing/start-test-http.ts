// The real http room on a free loopback port, with fakes on its ports.

import { silentLog } from '#src/core/index.ts'
import { createHttp } from '../create-http.ts'
import type { HttpDeps, HttpRoom } from '../ports.ts'
import { createEventLog } from './event-log.ts'
import type { EventLog } from './event-log.ts'
import { createFakeAuth } from './fake-auth.ts'
import type { FakeAuth } from './fake-auth.ts'

export interface TestHttp extends AsyncDisposable {
  readonly http: HttpRoom
  readonly port: number
  readonly log: EventLog
  readonly auth: FakeAuth
}

export async function startTestHttp(extra: Partial<HttpDeps> = {}): Promise<TestHttp> {
  const log = createEventLog()
  const auth = createFakeAuth()
  const http = createHttp({
    tools: [],
    calls: { call: () => Promise.resolve(null) },
    auth,
    config: { host: '127.0.0.1', port: 0, authMode: 'on' },
    streams: log,
    staticDir: '/nonexistent',
    version: '0.0.0-test',
    about: { nodeName: 'test-node', dataDir: 'data' },
    log: silentLog,
    health: () => Promise.resolve({ ready: true, checks: [] }),
    ...extra,
  })
  const { port } = await http.listen()
  return { http, port, log, auth, [Symbol.asyncDispose]: () => http.close({ graceMs: 200 }) }
}
