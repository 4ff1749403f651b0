// For working on Maestro: the server restarts when its sources change, the page is served by Vite with
// hot reloading and sends API calls on to the server. One Ctrl-C ends both.

import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })

const children = [
  start(
    '--liftoff-only',
    '--watch-path=src',
    '--watch-preserve-output',
    'src/main.ts',
    'serve',
    ...process.argv.slice(2),
  ),
  start(join(root, 'node_modules/vite/bin/vite.js'), '--config', 'web/vite.config.ts'),
]

let isStopping = false
function stop(): void {
  if (isStopping) return
  isStopping = true
  for (const child of children) child.kill('SIGTERM')
}

for (const child of children) {
  child.on('exit', (code) => {
    // One alone is of no use: the other would go on looking healthy.
    if (!isStopping && code !== 0) process.exitCode = 1
    stop()
  })
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
