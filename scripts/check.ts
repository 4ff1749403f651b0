// Everything that can be known without running the product: format, lint with types, types of server
// and page, architecture. `node scripts/check.ts [--fix] [name ...]`; exit code 1 when anything is found.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

interface Check {
  readonly name: string
  /** Arguments for node: tools are started from their JavaScript entry, so no shell or PATH is involved. */
  readonly args: readonly string[]
}

const root = join(import.meta.dirname, '..')
const tool = (path: string): string => join(root, 'node_modules', path)
const args = process.argv.slice(2)
const isFixing = args.includes('--fix')
const wanted = args.filter((arg) => !arg.startsWith('--'))
const tsc = tool('typescript/bin/tsc')

const checks: Check[] = [
  // The slowest first: two run at a time.
  {
    name: 'lint',
    args: [tool('oxlint/bin/oxlint'), '--type-aware', '--max-warnings=0', ...(isFixing ? ['--fix'] : [])],
  },
  { name: 'types', args: [tsc, '-p', '.', '--noEmit'] },
  { name: 'types-web', args: [tsc, '-p', 'tsconfig.web.json', '--noEmit'] },
  { name: 'architecture', args: ['--test', '--test-reporter=spec', 'test/architecture.test.ts'] },
  { name: 'format', args: [tool('oxfmt/bin/oxfmt'), ...(isFixing ? [] : ['--check']), '.'] },
].filter((check) => check.name !== 'types-web' || existsSync(join(root, 'tsconfig.web.json')))

function run(check: Check): Promise<boolean> {
  const start = performance.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, check.args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('close', (code) => {
      const seconds = ((performance.now() - start) / 1_000).toFixed(1)
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name.padEnd(14)} ${seconds} s`)
      if (code !== 0) console.log(`${output.trimEnd()}\n`)
      resolve(code === 0)
    })
  })
}

const unknown = wanted.filter((name) => !checks.some((check) => check.name === name))
if (unknown.length > 0) {
  console.error(`unknown check: ${unknown.join(', ')}; there are ${checks.map((check) => check.name).join(', ')}`)
  process.exit(2)
}

const start = performance.now()
const queue = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name))
const results: boolean[] = []
async function worker(): Promise<void> {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) results.push(await run(check))
}
// Two that mend the same files at once would undo each other's work.
await Promise.all(isFixing ? [worker()] : [worker(), worker()])
const failed = results.filter((isOk) => !isOk).length
const seconds = ((performance.now() - start) / 1_000).toFixed(1)
console.log(
  failed === 0 ? `all checks passed in ${seconds} s` : `${failed} of ${results.length} checks failed in ${seconds} s`,
)
process.exitCode = failed === 0 ? 0 : 1
