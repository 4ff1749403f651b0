'use strict'
// Starts one stdio MCP server for an agent CLI: `node mcp-shim.cjs FILE`, FILE (0600) = {command, args, env}.
// The server gets exactly `env` and the marker of the turn: no model key, no setting of the agent.
// Arguments never pass through the CLI's own splitting. Lives and dies with the server.

const { readFileSync } = require('node:fs')
const { spawn } = require('node:child_process')

const { command, args, env } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const marker = Object.entries(process.env).filter(([name]) => name.startsWith('MAESTRO_'))
const server = spawn(command, args, { env: { ...Object.fromEntries(marker), ...env }, stdio: 'inherit' })

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
