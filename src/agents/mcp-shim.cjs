'use strict'
// Starts one MCP server for an agent CLI: `node mcp-shim.cjs FILE`. FILE (0600) is one of
//   {command, args, env}   a stdio server. It gets exactly `env` and the marker of the turn: no model key, no
//                          setting of the agent. Its arguments never pass through the CLI's own splitting.
//   {url, headers}         a streamable HTTP server, spoken to for the CLI, which sees a stdio server and no header.
// Lives and dies with the server. The first way needs nothing but Node, so it starts quickly.

const { readFileSync } = require('node:fs')
const { spawn } = require('node:child_process')

const file = JSON.parse(readFileSync(process.argv[2], 'utf8'))
if (file.url === undefined) startProgram(file)
else void import('./mcp/bridge.ts').then(({ bridge }) => bridge(file))

function startProgram({ command, args, env }) {
  // The marker last: by it everything that came from the turn is found and ended.
  const marker = Object.entries(process.env).filter(([name]) => name.startsWith('MAESTRO_'))
  const server = spawn(command, args, { env: { ...env, ...Object.fromEntries(marker) }, stdio: 'inherit' })

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => server.kill(signal))
  server.on('error', (error) => {
    process.stderr.write(`cannot start ${command}: ${error.message}\n`)
    process.exit(127)
  })
  server.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
