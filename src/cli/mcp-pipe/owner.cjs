// @ts-check
// The way to the process that owns a data folder, with nothing but Node: where its socket is, and the hello.
// `src/app/owner-socket.ts` has the whole story, including how an owner is started; this part is as much of it as an
// MCP client should have to wait for.
'use strict'

const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const util = require('node:util')

const helloMs = 5000
const maxAnswerBytes = 64 * 1024
/** In the data folder, holding the path of the socket. */
const socketPointer = 'owner.socket'

/** What a person needs to know, in one sentence, and what to do next. */
class OwnerProblem extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super(message)
    this.hint = hint
  }
}

/**
 * The data folder as the configuration would name it, without reading the rest of the configuration.
 * @param {{ given: string | undefined, env: NodeJS.ProcessEnv, cloneRoot: string }} from
 * @returns {string | undefined} undefined when this Node cannot read the file that may name it
 */
function dataFolder({ given, env, cloneRoot }) {
  const home = env['HOME'] ?? os.homedir()
  const named = [given, env['MAESTRO_DATA_DIR']].find((value) => value !== undefined && value.trim() !== '')
  if (named !== undefined) return expand(named, home)
  const text = readText(path.join(cloneRoot, '.env'))
  if (text === undefined || !text.includes('MAESTRO_DATA_DIR')) return path.join(home, '.maestro')
  if (typeof util.parseEnv !== 'function') return undefined
  const inFile = util.parseEnv(text.replace(/^\uFEFF/, ''))['MAESTRO_DATA_DIR']
  return inFile === undefined || inFile.trim() === '' ? path.join(home, '.maestro') : expand(inFile, home)
}

/**
 * @param {string} folder
 * @param {string} home
 */
function expand(folder, home) {
  const name = folder.trim()
  return path.resolve(name === '~' || name.startsWith('~/') ? path.join(home, name.slice(1)) : name)
}

/** @param {string} file */
function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * The socket that the owner noted as its last act of starting; undefined when none did.
 * @param {string} dataDir
 * @throws {OwnerProblem} when others could have put it there
 */
function socketOf(dataDir) {
  const noted = readText(path.join(dataDir, socketPointer))?.trim()
  if (noted === undefined || !path.isAbsolute(noted)) return undefined
  const folder = path.dirname(noted)
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  const isOurs = process.getuid === undefined || stats.uid === process.getuid()
  if (stats.isDirectory() && isOurs && (stats.mode & 0o077) === 0) return noted
  throw new OwnerProblem(
    `the runtime folder "${folder}" is not a folder of yours alone`,
    'make it yours with mode 0700, or remove it and start Maestro again',
  )
}

/**
 * Connects and says hello. The socket comes back paused, its answer read.
 * @param {string} dataDir
 * @param {object} hello
 * @returns {Promise<{ socket: net.Socket, answer: Record<string, unknown> } | undefined>} undefined when no owner answers
 * @throws {OwnerProblem} when it refuses, is stuck, or is not ours
 */
function connectOwner(dataDir, hello) {
  return new Promise((resolve, reject) => {
    let socketPath
    try {
      socketPath = socketOf(dataDir)
    } catch (error) {
      return reject(error)
    }
    if (socketPath === undefined) return resolve(undefined)
    const socket = net.connect({ path: socketPath, allowHalfOpen: true })
    /** @type {Buffer[]} */
    const parts = []
    const timer = setTimeout(
      () => fail(`the Maestro behind "${socketPath}" accepted the connection and then said nothing`),
      helloMs,
    )
    const settle = () => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', gone).off('close', gone).off('error', onError)
      // Somebody always listens, or a broken connection would end this process.
      socket.on('error', () => undefined)
    }
    /** @param {string} why */
    const fail = (why, hint = 'look at logs/owner.log in the data folder, or end it with `maestro stop`') => {
      settle()
      socket.destroy()
      reject(new OwnerProblem(why, hint))
    }
    const gone = () => {
      settle()
      socket.destroy()
      resolve(undefined)
    }
    /** @param {NodeJS.ErrnoException} error */
    const onError = (error) => {
      if (error.code === 'EACCES' || error.code === 'EPERM')
        fail(`"${socketPath}" belongs to another user`, 'run this as the user who started Maestro')
      else gone()
    }
    /** @param {Buffer} chunk */
    const onData = (chunk) => {
      const end = chunk.indexOf(0x0a)
      parts.push(end === -1 ? chunk : chunk.subarray(0, end))
      if (end === -1) {
        if (parts.reduce((sum, part) => sum + part.length, 0) > maxAnswerBytes)
          fail('its answer to the hello has no end')
        return
      }
      socket.pause()
      const answer = parse(Buffer.concat(parts).toString('utf8'))
      if (answer === undefined) return fail(`the Maestro behind "${socketPath}" gave an answer that is no hello`)
      if (answer['ok'] !== true) {
        const { error, hint } = answer
        return fail(
          `the running Maestro refused the connection: ${String(error)}`,
          typeof hint === 'string' ? hint : undefined,
        )
      }
      settle()
      const surplus = chunk.subarray(end + 1)
      if (surplus.length > 0) socket.unshift(surplus)
      resolve({ socket, answer })
    }
    socket.on('data', onData).on('end', gone).on('close', gone).on('error', onError)
    socket.write(`${JSON.stringify(hello)}\n`)
  })
}

/**
 * @param {string} line
 * @returns {Record<string, unknown> | undefined}
 */
function parse(line) {
  try {
    const value = /** @type {unknown} */ (JSON.parse(line))
    return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : undefined
  } catch {
    return undefined
  }
}

module.exports = { connectOwner, dataFolder, OwnerProblem, socketOf }
