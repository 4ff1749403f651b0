// @ts-check
// Cuts a byte stream into lines of bounded length. A line that is too long is thrown away while it comes in; what is
// looked for in it is the `id` of its message, so that whoever waits for an answer gets one. Pure.
'use strict'

/**
 * @typedef {object} LineHandlers
 * @property {(line: Buffer) => void} onLine without its line break, never empty
 * @property {(id: string | number | undefined) => void} onTooLong with the message's id, if it has one
 */

/**
 * @param {number} maxBytes the longest line that is handed on
 * @param {LineHandlers} handlers
 */
function createLines(maxBytes, { onLine, onTooLong }) {
  /** @type {Buffer[]} */
  let parts = []
  let size = 0
  /** Set while the rest of a line that is too long goes by. @type {ReturnType<typeof createIdFinder> | undefined} */
  let finder

  /** @param {Buffer} bytes */
  const keep = (bytes) => {
    if (finder !== undefined) return finder.feed(bytes)
    parts.push(bytes)
    size += bytes.length
    // One more for the carriage return that some write before the line break.
    if (size <= maxBytes + 1) return
    finder = createIdFinder()
    for (const part of parts) finder.feed(part)
    parts = []
  }

  const finish = () => {
    const whole = finder === undefined ? trimmed(parts.length === 1 ? parts[0] : Buffer.concat(parts)) : undefined
    const id = finder?.found()
    parts = []
    size = 0
    finder = undefined
    if (whole === undefined || whole.length > maxBytes) onTooLong(whole === undefined ? id : findId(whole))
    else if (whole.length > 0) onLine(whole)
  }

  return {
    /** @param {Buffer} chunk */
    feed(chunk) {
      let from = 0
      for (;;) {
        const end = chunk.indexOf(0x0a, from)
        if (end === -1) break
        keep(chunk.subarray(from, end))
        finish()
        from = end + 1
      }
      if (from < chunk.length) keep(chunk.subarray(from))
    },
    /** What came after the last line break, as a line. */
    end() {
      if (parts.length > 0 || finder !== undefined) finish()
    },
  }
}

/** @param {Buffer | undefined} line */
function trimmed(line) {
  if (line === undefined) return Buffer.alloc(0)
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line
}

/** @param {Buffer} line */
function findId(line) {
  const finder = createIdFinder()
  finder.feed(line)
  return finder.found()
}

/**
 * Finds the value of `id` in the outermost object of a JSON text of any length, keeping almost nothing of it.
 * A text that is no JSON gives undefined or whatever stands there.
 */
function createIdFinder() {
  const maxValueBytes = 300
  let depth = 0
  let isInText = false
  let isEscaped = false
  /** The last text at the first level: a key, when a colon comes after it. @type {number[]} */
  let text = []
  /** @type {number[] | undefined} */
  let value
  let isDone = false

  /** @param {number} byte */
  const note = (byte) => {
    if (value !== undefined && value.length < maxValueBytes) value.push(byte)
    if (depth === 1 && text.length < maxValueBytes) text.push(byte)
  }
  /** @param {number} byte */
  const step = (byte) => {
    if (isInText) {
      note(byte)
      if (isEscaped) isEscaped = false
      else if (byte === 0x5c) isEscaped = true
      else if (byte === 0x22) isInText = false
      return
    }
    switch (byte) {
      case 0x22: // "
        isInText = true
        if (value === undefined) text = []
        return note(byte)
      case 0x7b: // {
      case 0x5b: // [
        depth += 1
        return
      case 0x3a: // :
        if (depth === 1 && value === undefined && Buffer.from(text).toString() === '"id"') value = []
        return
      case 0x2c: // ,
      case 0x7d: // }
      case 0x5d: // ]
        if (depth === 1 && value !== undefined) isDone = true
        if (byte !== 0x2c) depth -= 1
        return
      default:
        if (value !== undefined && byte > 0x20) note(byte)
    }
  }
  return {
    /** @param {Buffer} bytes */
    feed(bytes) {
      for (const byte of bytes) {
        if (isDone) return
        step(byte)
      }
    },
    /** @returns {string | number | undefined} */
    found() {
      if (!isDone || value === undefined) return undefined
      try {
        const id = /** @type {unknown} */ (JSON.parse(Buffer.from(value).toString()))
        return typeof id === 'string' || typeof id === 'number' ? id : undefined
      } catch {
        return undefined
      }
    },
  }
}

module.exports = { createLines }
