// Makes a checkout ready to run: dependencies as the lock file says, the page built from today's
// sources. Plain CommonJS for Node 18 and newer, because it runs before our own Node 24 is there:
// npm puts node_modules/.bin first on PATH, so the script after it gets the Node from the lock file.
// Owns node_modules/.maestro-stamp, dist/web.stamp and .bootstrap.lock/. Prints to stderr only, since
// stdout may be a protocol stream (`maestro mcp`).
'use strict'

const { createHash } = require('node:crypto')
const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { withLock } = require('./bootstrap-lock.cjs')

const NEEDED_NODE = 24

/** A failure whose message is all a person needs; shown without a stack. */
class BootstrapError extends Error {}

const readText = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')
const say = (line) => process.stderr.write(`maestro: ${line}\n`)
const secondsSince = (start) => `${((Date.now() - start) / 1000).toFixed(1)} s`

function pathsOf(root) {
  const inRoot = (...parts) => path.join(root, ...parts)
  return {
    root,
    lockFile: inRoot('package-lock.json'),
    modules: inRoot('node_modules'),
    stamp: inRoot('node_modules', '.maestro-stamp'),
    node: inRoot('node_modules', '.bin', 'node'),
    nodeManifest: inRoot('node_modules', 'node', 'package.json'),
    pageConfig: inRoot('web', 'vite.config.ts'),
    page: inRoot('dist', 'web'),
    pageStamp: inRoot('dist', 'web.stamp'),
    vite: inRoot('node_modules', 'vite', 'bin', 'vite.js'),
    lock: inRoot('.bootstrap.lock'),
  }
}

function dependencyStamp(at) {
  return createHash('sha256')
    .update(fs.readFileSync(at.lockFile))
    .update(`\n${process.platform} ${process.arch}\n`)
    .digest('hex')
}

/** A published package has no lock file: what npm installed there is not ours to change. */
function needsInstall(at) {
  if (!fs.existsSync(at.lockFile)) return false
  return readText(at.stamp).trim() !== dependencyStamp(at)
}

/**
 * Somebody ran `npm ci` by hand (or a container did, without dev dependencies): npm's own record of
 * the tree says whether it is what the lock file wants.
 */
function isInstalledByHand(at) {
  const record = readText(path.join(at.modules, '.package-lock.json'))
  if (record === '') return false
  try {
    const installed = JSON.parse(record).packages
    const wanted = Object.entries(JSON.parse(fs.readFileSync(at.lockFile, 'utf8')).packages)
    const matches = ([where, entry]) => where === '' || installed[where]?.version === entry.version
    const required = wanted.filter(([, entry]) => !entry.optional && !entry.devOptional && !entry.peer)
    const dev = required.filter(([, entry]) => entry.dev)
    const production = required.filter(([, entry]) => !entry.dev)
    // All of the dev dependencies, or none of them on purpose; half of them is an install cut short.
    return production.every(matches) && (dev.every(matches) || !dev.some(([where]) => installed[where]))
  } catch {
    return false
  }
}

/** npm's own JavaScript, so that no shell is between us and it (a `.cmd` on Windows would need one). */
function findNpm() {
  const given = process.env.npm_execpath
  if (given !== undefined && path.basename(given) === 'npm-cli.js' && fs.existsSync(given)) return given
  const besideNode = path.dirname(fs.realpathSync(process.execPath))
  const candidates = [
    path.join(besideNode, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(besideNode, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  for (const folder of (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    const npm = path.join(folder, 'npm')
    if (fs.existsSync(npm)) candidates.push(fs.realpathSync(npm))
    candidates.push(path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'))
  }
  const found = candidates.find((file) => file.endsWith('npm-cli.js') && fs.existsSync(file))
  if (found !== undefined) return found
  throw new BootstrapError('npm was not found beside node or on PATH. Install npm, then run the command again.')
}

/** Runs `node <args>` quietly; its output is shown only when it fails. */
function runNode(node, args, cwd, what) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
    let output = ''
    const keep = (chunk) => (output = (output + chunk).slice(-20_000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => reject(new BootstrapError(`${what} could not start: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new BootstrapError(`${output.trimEnd()}\n${what} failed (${signal ?? `exit code ${code}`}).`))
    })
  })
}

async function install(at) {
  const stamp = dependencyStamp(at)
  if (!isInstalledByHand(at)) {
    // `ci` deletes node_modules first: never under a Maestro that may be running from it.
    const verb = fs.existsSync(at.modules) ? 'install' : 'ci'
    const start = Date.now()
    say(`${verb === 'ci' ? 'installing' : 'updating'} dependencies (about half a minute the first time) ...`)
    fs.rmSync(at.stamp, { force: true })
    const npm = findNpm()
    // The Node that npm itself runs on; the one in node_modules may be replaced by this very install.
    const node = process.env.npm_node_execpath ?? process.execPath
    // Dev dependencies also under NODE_ENV=production: a checkout builds its own page.
    await runNode(node, [npm, verb, '--include=dev', '--no-audit', '--no-fund'], at.root, `npm ${verb}`)
    say(`dependencies are ready (${secondsSince(start)})`)
  }
  dropNodeThatCannotStart(at)
  fs.writeFileSync(at.stamp, `${stamp}\n`)
}

/** On musl the Node from npm is there but cannot start, and being first on PATH it would shadow a good one. */
function dropNodeThatCannotStart(at) {
  if (process.platform === 'win32' || !fs.existsSync(at.node)) return
  if (spawnSync(at.node, ['--version']).status === 0) return
  fs.rmSync(at.node, { force: true })
  say(`the Node.js in node_modules cannot start on this system; using the one on PATH (${process.version})`)
}

/** Reads the manifest instead of starting it: this runs before every command. */
function checkNode(at) {
  const own = fs.existsSync(at.node) && fs.existsSync(at.nodeManifest)
  const version = own ? JSON.parse(fs.readFileSync(at.nodeManifest, 'utf8')).version : process.versions.node
  if (Number.parseInt(version, 10) >= NEEDED_NODE) return
  throw new BootstrapError(
    `Maestro needs Node.js ${NEEDED_NODE} or newer; ${own ? 'the one in node_modules' : 'the one on PATH'} is ${version}. ` +
      (own
        ? 'Run: rm -rf node_modules && npm ci'
        : `Its own copy (the npm package "node") could not be installed here: install Node.js ${NEEDED_NODE}, or allow optional dependencies.`),
  )
}

function filesBelow(folder) {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(full)
    return /\.test\.tsx?$/.test(entry.name) ? [] : [full]
  })
}

/** By content, not by time: a clone, a checkout and a copied build all give the true answer. */
function pageFingerprint(at) {
  const rooms = fs
    .readdirSync(path.join(at.root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
  const contracts = rooms.map((room) => path.join(at.root, 'src', room.name, 'contract.ts'))
  const sources = [
    at.lockFile,
    ...contracts.filter((file) => fs.existsSync(file)),
    ...filesBelow(path.join(at.root, 'web')),
  ]
  const hash = createHash('sha256')
  for (const file of sources.sort()) {
    hash
      .update(`${path.relative(at.root, file)}\n`)
      .update(fs.readFileSync(file))
      .update('\n')
  }
  return hash.digest('hex')
}

function needsPage(at) {
  if (!fs.existsSync(at.lockFile) || !fs.existsSync(at.pageConfig)) return false
  return !fs.existsSync(path.join(at.page, 'index.html')) || readText(at.pageStamp).trim() !== pageFingerprint(at)
}

async function buildPage(at) {
  if (!fs.existsSync(at.vite)) {
    // Installed without dev dependencies: a page that came with it is all there can be.
    if (fs.existsSync(path.join(at.page, 'index.html'))) return
    throw new BootstrapError(
      'the page is not built, and the tools to build it are not installed. Run: npm ci --include=dev',
    )
  }
  const start = Date.now()
  // Taken before the build, so that an edit made while it runs is built next time.
  const fingerprint = pageFingerprint(at)
  fs.rmSync(at.pageStamp, { force: true })
  const node = process.platform !== 'win32' && fs.existsSync(at.node) ? at.node : process.execPath
  await runNode(node, [at.vite, 'build', '--config', at.pageConfig, '--logLevel', 'warn'], at.root, 'building the page')
  fs.mkdirSync(path.dirname(at.pageStamp), { recursive: true })
  fs.writeFileSync(at.pageStamp, `${fingerprint}\n`)
  say(`page built (${secondsSince(start)})`)
}

/**
 * Brings `root` up to date; does nothing, quickly and quietly, when it is.
 * @throws BootstrapError with a sentence for a person
 */
async function bootstrap(root, options) {
  const at = pathsOf(root)
  const pageIsWanted = () => options.build && needsPage(at)
  if (needsInstall(at) || pageIsWanted()) {
    await withLock(at.lock, say, async () => {
      // Asked again: whoever held the lock before us may have done it all.
      if (needsInstall(at)) await install(at)
      if (pageIsWanted()) await buildPage(at)
    })
  }
  checkNode(at)
}

module.exports = { bootstrap, BootstrapError, NEEDED_NODE }

if (require.main === module) {
  bootstrap(path.join(__dirname, '..'), { build: !process.argv.includes('--no-build') }).catch((error) => {
    process.stderr.write(error instanceof BootstrapError ? `maestro: ${error.message}\n` : `${error.stack}\n`)
    process.exitCode = 1
  })
}
