// One bootstrap at a time in a checkout: a lock folder whose owner proves that it lives by touching it.
// Plain CommonJS for Node 18. Knows nothing of what is done under the lock.
'use strict'

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const HEARTBEAT_MS = 2_000
const POLL_MS = 200
/** Of our own watching, so that a laptop's sleep or a wrong clock does not make a live owner look dead. */
const SILENT_MS = 20_000

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function readOwner(lock) {
  try {
    return JSON.parse(fs.readFileSync(path.join(lock, 'owner.json'), 'utf8'))
  } catch {
    return undefined
  }
}

function touchedAt(lock) {
  try {
    return fs.statSync(lock).mtimeMs
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function take(lock) {
  try {
    fs.mkdirSync(lock)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
  fs.writeFileSync(path.join(lock, 'owner.json'), JSON.stringify({ pid: process.pid, host: os.hostname() }))
  return true
}

/** Removes a dead owner's lock. A second folder lets only one waiter judge and remove, so no new lock is hit. */
function removeDead(lock, isDead) {
  const judge = `${lock}.judge`
  try {
    fs.mkdirSync(judge)
  } catch {
    const since = touchedAt(judge)
    if (since !== undefined && Date.now() - since > SILENT_MS) fs.rmSync(judge, { recursive: true, force: true })
    return
  }
  try {
    if (isDead()) fs.rmSync(lock, { recursive: true, force: true })
  } finally {
    fs.rmSync(judge, { recursive: true, force: true })
  }
}

/** Runs `work` while no other process holds `lock`; waits for a live owner, takes over from a dead one. */
async function withLock(lock, say, work) {
  let seen
  let seenSince = Date.now()
  let isAnnounced = false
  const isDead = () => {
    const owner = readOwner(lock)
    if (owner !== undefined && owner.host === os.hostname() && !isAlive(owner.pid)) return true
    return touchedAt(lock) === seen && Date.now() - seenSince > SILENT_MS
  }
  while (!take(lock)) {
    const touched = touchedAt(lock)
    if (touched !== seen) {
      seen = touched
      seenSince = Date.now()
    }
    if (touched !== undefined && isDead()) removeDead(lock, isDead)
    else {
      if (!isAnnounced) say('another maestro is preparing this checkout; waiting for it ...')
      isAnnounced = true
      await pause(POLL_MS)
    }
  }
  const heartbeat = setInterval(() => fs.utimesSync(lock, new Date(), new Date()), HEARTBEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    fs.rmSync(lock, { recursive: true, force: true })
  }
}

module.exports = { withLock }
