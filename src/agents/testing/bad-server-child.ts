// A stdio server that misbehaves in the way its first argument names.

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [how = '', file = ''] = process.argv.slice(2)
const stay = (): void => void setInterval(() => undefined, 60_000)
const say = (text: string): void => void process.stdout.write(text)
const reply = (id: unknown, body: object): void => say(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`)

interface Request {
  id?: unknown
  method?: string
}

/** The older greeting and one tool; `answers` overrides. */
async function serve(answers: Record<string, (id: unknown) => void> = {}): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method = '' } = JSON.parse(line) as Request
    if (id === undefined) continue
    const own = answers[method]
    if (own !== undefined) own(id)
    else if (method === 'initialize') {
      const serverInfo = { name: 'bad', version: '0' }
      reply(id, { result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo } })
    } else if (method === 'tools/list') {
      reply(id, { result: { tools: [{ name: 'one', inputSchema: { type: 'object' } }] } })
    } else reply(id, { error: { code: -32_601, message: `no ${method}` } })
  }
}

/** Writes without end, as fast as it is read. */
function flood(text: string): void {
  const chunk = text.repeat(Math.ceil(65_536 / text.length))
  const more = (): void => {
    while (process.stdout.write(chunk));
    process.stdout.once('drain', more)
  }
  more()
}

switch (how) {
  case 'exits':
    process.stderr.write(`first line\nno configuration found, token was ${process.env['TOKEN'] ?? 'none'}\n`)
    process.exit(3)
    break
  case 'tells':
    void serve({
      'tools/list': (id) => {
        const description = `${'x'.repeat(1_990)}${process.env['TOKEN'] ?? ''}`
        reply(id, { result: { tools: [{ name: 'one', description, inputSchema: { type: 'object' } }] } })
      },
    })
    break
  case 'hangs':
    stay()
    break
  case 'garbage':
    say('Listening on port 3000 ...\n')
    stay()
    break
  case 'talks':
    flood('this is a log line of a program that is no MCP server at all\n')
    break
  case 'floods':
    flood('x')
    break
  case 'greets-first':
    say('Server running on stdio\n')
    await serve()
    break
  case 'silent-discover':
    await serve({ 'server/discover': () => undefined })
    break
  case 'refuses':
    await serve({ initialize: (id) => reply(id, { error: { code: -32_602, message: 'not like this' } }) })
    break
  case 'bad-tools':
    await serve({ 'tools/list': (id) => reply(id, { result: { tools: [{ nome: 1 }] } }) })
    break
  case 'dies-later':
    await serve({ 'tools/list': () => process.exit(4) })
    break
  case 'clings':
    // Ignores every polite request, and leaves children: one in its group, one in a session of its own.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
    for (const detached of [false, true]) {
      const child = spawn('sleep', ['300'], { stdio: 'ignore', detached })
      writeFileSync(file, `${child.pid}\n`, { flag: 'a' })
    }
    writeFileSync(file, `${process.pid}\n`, { flag: 'a' })
    stay()
    await serve()
    break
  default:
    throw new Error(`no such way: "${how}"`)
}
