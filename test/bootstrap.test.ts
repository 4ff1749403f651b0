// The way into a checkout, driven on a small one with an npm of our own that only counts.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

const repository = join(import.meta.dirname, '..')

interface Ended {
  code: number | null
  signal: string | null
  out: string
  err: string
}

interface Checkout {
  root: string
  run(file: string, ...args: string[]): Promise<Ended>
  start(file: string, ...args: string[]): ReturnType<typeof spawn>
  /** What npm was asked to do, in order. */
  installs(): string[]
  write(path: string, text: string): void
}

/** Removed when the test ends. */
function createCheckout(t: TestContext): Checkout {
  const base = mkdtempSync(join(tmpdir(), 'maestro-bootstrap-'))
  t.after(() => rmSync(base, { recursive: true, force: true }))
  const root = join(base, 'checkout')
  for (const path of ['scripts/bootstrap.cjs', 'scripts/bootstrap-lock.cjs', 'bin/maestro', 'bin/package.json']) {
    cpSync(join(repository, path), join(root, path))
  }
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('package.json', '{"type": "module"}')
  write('package-lock.json', '{"packages": {}}')
  write('src/main.ts', '')
  writeFileSync(join(base, 'installs'), '')
  const npm = join(base, 'npm-cli.js')
  writeFileSync(
    npm,
    `const fs = require('node:fs')
     fs.appendFileSync(${JSON.stringify(join(base, 'installs'))}, process.argv[2] + '\\n')
     if (fs.existsSync('npm-fails')) { console.error('E404 no such package'); process.exit(1) }
     fs.mkdirSync('node_modules/.bin', { recursive: true })
     fs.mkdirSync('node_modules/node', { recursive: true })
     fs.writeFileSync('node_modules/node/package.json', '{"version": "24.0.0"}')
     if (!fs.existsSync('node_modules/.bin/node')) fs.symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/.bin/node')
     setTimeout(() => undefined, 200)`,
  )
  const env = { PATH: process.env['PATH'], HOME: base, npm_execpath: npm }
  const start = (file: string, ...args: string[]) => spawn(process.execPath, [file, ...args], { cwd: base, env })
  return {
    root,
    write,
    start,
    installs: () => readFileSync(join(base, 'installs'), 'utf8').split('\n').filter(Boolean),
    async run(file, ...args) {
      const child = start(join(root, file), ...args)
      const ended: Ended = { code: null, signal: null, out: '', err: '' }
      child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()))
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
      return { ...ended, code, signal }
    },
  }
}

const bootstrap = 'scripts/bootstrap.cjs'

test('a fresh checkout is installed once, a changed lock file updates it, otherwise nothing happens', async (t) => {
  const checkout = createCheckout(t)
  const first = await checkout.run(bootstrap)
  assert.deepEqual([first.code, first.out], [0, ''])
  assert.match(first.err, /installing dependencies/)
  assert.deepEqual(checkout.installs(), ['ci'])

  const second = await checkout.run(bootstrap)
  assert.deepEqual([second.code, second.out, second.err], [0, '', ''])

  checkout.write('package-lock.json', '{"packages": {"node_modules/x": {"version": "1.0.0"}}}')
  assert.equal((await checkout.run(bootstrap)).code, 0)
  assert.deepEqual(checkout.installs(), ['ci', 'install'])
})

test('dependencies that npm installed by hand as the lock file says are taken as they are', async (t) => {
  const checkout = createCheckout(t)
  const tree = '{"packages": {"node_modules/x": {"version": "1.0.0"}}}'
  checkout.write('package-lock.json', tree)
  checkout.write('node_modules/.package-lock.json', tree)
  assert.equal((await checkout.run(bootstrap)).err, '')
  assert.deepEqual(checkout.installs(), [])
})

test('several at once install once, and all succeed', async (t) => {
  const checkout = createCheckout(t)
  const ended = await Promise.all([1, 2, 3].map(() => checkout.run(bootstrap)))
  assert.deepEqual(
    ended.map(({ code }) => code),
    [0, 0, 0],
  )
  assert.deepEqual(checkout.installs(), ['ci'])
})

test('the lock of a process that died is taken over', async (t) => {
  const checkout = createCheckout(t)
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  checkout.write('.bootstrap.lock/owner.json', JSON.stringify({ pid: dead.pid, host: hostname() }))
  assert.equal((await checkout.run(bootstrap)).code, 0)
  assert.deepEqual(checkout.installs(), ['ci'])
})

test('a failed install shows what npm said and is tried again next time', async (t) => {
  const checkout = createCheckout(t)
  checkout.write('npm-fails', '')
  const failed = await checkout.run(bootstrap)
  assert.equal(failed.code, 1)
  assert.match(failed.err, /E404 no such package[\s\S]*npm ci failed \(exit code 1\)/)
  rmSync(join(checkout.root, 'npm-fails'))
  assert.equal((await checkout.run(bootstrap)).code, 0)
})

test('a Node.js that is too old is said with what to do', async (t) => {
  const checkout = createCheckout(t)
  await checkout.run(bootstrap)
  checkout.write('node_modules/node/package.json', '{"version": "22.1.0"}')
  const { code, err } = await checkout.run(bootstrap)
  assert.equal(code, 1)
  assert.match(
    err,
    /needs Node\.js 24 or newer; the one in node_modules is 22\.1\.0\. Run: rm -rf node_modules && npm ci/,
  )
})

test('the page is built when its sources changed, and only when a page is wanted', async (t) => {
  const checkout = createCheckout(t)
  await checkout.run(bootstrap)
  checkout.write(
    'node_modules/vite/bin/vite.js',
    "const fs = require('node:fs'); fs.mkdirSync('dist/web', { recursive: true }); fs.appendFileSync('dist/web/index.html', 'x')",
  )
  checkout.write('web/vite.config.ts', '')
  const built = (): number => readFileSync(join(checkout.root, 'dist/web/index.html'), 'utf8').length
  assert.equal((await checkout.run(bootstrap, '--no-build')).err, '')
  assert.match((await checkout.run(bootstrap)).err, /page built/)
  assert.equal((await checkout.run(bootstrap)).err, '')
  assert.equal(built(), 1)
  for (const [count, path] of [
    [2, 'web/src/page.tsx'],
    [3, 'src/core/contract.ts'],
  ] as const) {
    checkout.write(path, `// ${count}`)
    await checkout.run(bootstrap)
    assert.equal(built(), count)
  }
  checkout.write('src/core/other.ts', '')
  checkout.write('web/src/page.test.ts', '')
  await checkout.run(bootstrap)
  assert.equal(built(), 3)
})

test('bin/maestro works through a link, from anywhere, and passes arguments and the exit code on', async (t) => {
  const checkout = createCheckout(t)
  checkout.write(
    'src/main.ts',
    'console.log(JSON.stringify(process.argv.slice(2)), process.execArgv.join()); process.exitCode = 5',
  )
  symlinkSync(join(checkout.root, 'bin/maestro'), join(checkout.root, '../link'))
  const { code, out, err } = await checkout.run('../link', 'a', 'b c', '$HOME')
  assert.deepEqual([code, out], [5, '["a","b c","$HOME"] --liftoff-only\n'])
  assert.match(err, /installing/)
})

test('a signal to bin/maestro reaches the server, whose ending is its own', async (t) => {
  const checkout = createCheckout(t)
  checkout.write(
    'src/main.ts',
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => undefined, 1_000); console.log('ready')",
  )
  const child = checkout.start(join(checkout.root, 'bin/maestro'), 'serve')
  const exited = once(child, 'exit')
  await once(child.stdout ?? assert.fail(), 'data')
  child.kill('SIGTERM')
  assert.deepEqual(await exited, [7, null])
})
