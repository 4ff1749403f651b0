// @ts-check
// Starts an owner from a Node that could not be one: by a command in a process of its own, whose complaint becomes ours.
'use strict'

const { spawn } = require('node:child_process')
const { OwnerProblem } = require('./owner.cjs')

const maxComplaint = 20_000

/**
 * Resolves when the command has brought an owner up.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 * @throws {OwnerProblem} with what the command said
 */
function ensureBy(program, args, env) {
  return new Promise((resolve, reject) => {
    // stdout is the protocol's.
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => (said = (said + chunk.toString()).slice(-maxComplaint)))
    child.on('error', (error) => reject(new OwnerProblem(`${program} could not start: ${error.message}`, '')))
    child.on('close', (code, signal) =>
      code === 0 ? resolve() : reject(problemOf(said, signal ?? `exit code ${code}`)),
    )
  })
}

/**
 * @param {string} said as the command line prints a failure
 * @param {string} end
 */
function problemOf(said, end) {
  const hintAt = said.lastIndexOf('hint: ')
  const message = (hintAt === -1 ? said : said.slice(0, hintAt)).replace(/^error: /, '').trim()
  const hint = hintAt === -1 ? 'look at it with `maestro status`' : said.slice(hintAt + 6).trim()
  return new OwnerProblem(message === '' ? `Maestro could not be started (${end})` : message, hint)
}

module.exports = { ensureBy }
