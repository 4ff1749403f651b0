// @ts-check
// `maestro mcp` over stdio as a process: its streams, its signals, its end. Needs nothing but Node 18, so that the
// Node which a client happened to start can do it alone, at once.
'use strict'

const { createPipe } = require('./pipe.cjs')
const { connectOwner, dataFolder, socketOf } = require('./owner.cjs')
const { readArguments } = require('./arguments.cjs')

/**
 * @typedef {object} RunOptions
 * @property {string} dataDir
 * @property {string} version of this command
 * @property {readonly string[]} profiles
 * @property {string} [as] the name that rules know this client by
 * @property {() => Promise<void>} ensureOwner resolves when an owner answers, starting one when none runs
 */

const orphanCheckMs = 30_000
/** Whoever started us has gone, and nobody has said anything for so long: nobody will. */
const orphanMs = 10 * 60_000
/** @type {readonly (readonly [NodeJS.Signals, number])[]} */
const signals = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
]

/**
 * Serves the client on this process's stdin and stdout until it has gone. Never throws.
 * @param {RunOptions} options
 * @returns {Promise<number>} the exit code
 */
async function run({ dataDir, version, profiles, as, ensureOwner }) {
  /** Several may want one at once. @type {Promise<void> | undefined} */
  let ensuring
  const ensureOnce = () => (ensuring ??= ensureOwner().finally(() => (ensuring = undefined)))
  // A client takes a moment before its first word: an owner that must be started has it already.
  if (!hasSocket(dataDir)) ensureOnce().catch(() => undefined)

  const pipe = createPipe({
    input: process.stdin,
    output: process.stdout,
    isNamed: as !== undefined,
    connect: (client) =>
      connectOwner(dataDir, {
        maestro: 'mcp',
        version,
        cwd: process.cwd(),
        profiles,
        ...(as === undefined ? {} : { as }),
        ...(client === undefined ? {} : { client }),
      }),
    ensureOwner: ensureOnce,
    log: (line) => process.stderr.write(`maestro mcp: ${line}\n`),
  })
  for (const [signal, code] of signals) process.on(signal, () => pipe.close(code))
  // Nobody reads it: then there is nobody to tell.
  process.stderr.on('error', () => undefined)

  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== parent && pipe.quietMs() > orphanMs) pipe.close(0)
  }, orphanCheckMs)
  watch.unref()
  return pipe.done
}

/** @param {string} dataDir */
function hasSocket(dataDir) {
  try {
    return socketOf(dataDir) !== undefined
  } catch {
    // Connecting says what is wrong with it.
    return true
  }
}

/**
 * What `run` needs for a command line, or undefined when the whole command line must be loaded for it: help, another
 * transport, a mistake, a remote node.
 * @param {readonly string[]} argv after `mcp`
 * @param {{ env: NodeJS.ProcessEnv, cloneRoot: string }} place
 * @returns {{ dataDir: string, profiles: readonly string[], as?: string } | undefined}
 */
function readCommand(argv, { env, cloneRoot }) {
  const given = readArguments(argv)
  if (given === undefined) return undefined
  if (given.dataDir === undefined && (env['MAESTRO_URL'] ?? '') !== '') return undefined
  const dataDir = dataFolder({ given: given.dataDir, env, cloneRoot })
  if (dataDir === undefined) return undefined
  return { dataDir, profiles: given.profiles, ...(given.as === undefined ? {} : { as: given.as }) }
}

module.exports = { readCommand, run }
