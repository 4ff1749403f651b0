// @ts-check
// Carries MCP messages between a client's stdin and stdout and the owner of a data folder. What it promises:
//   - Every request gets exactly one answer, whatever becomes of the owner: Maestro's, or a failure of ours that says
//     whether the call was carried out ('no' only when that is certain).
//   - A new owner is found, or started, when there is something to ask; the client's session goes on in it.
//   - Both ways wait for whoever reads slower; a message that is too long is refused, not held.
// A request is `waiting` (in the queue), then `sent` (its bytes are being written), then `delivered` (the system has
// all of them: the owner may act on it). What was not delivered is sent again; what was, only when it is a question.
// Leaves out where the owner is (owner.cjs), the process's own signals (run.cjs), and what messages mean.
'use strict'

const { createHandshake } = require('./handshake.cjs')
const { createInquiries } = require('./inquiries.cjs')
const { createLines } = require('./lines.cjs')
const {
  at,
  clientNameOf,
  errorAnswer,
  failureAnswer,
  isQuestion,
  lost,
  tooLarge,
  unavailable,
} = require('./messages.cjs')

/**
 * @typedef {import('./messages.cjs').Message} Message
 * @typedef {import('./messages.cjs').Failure} Failure
 * @typedef {{ socket: import('node:net').Socket, answer: Record<string, unknown> }} Connection
 */
/**
 * @typedef {object} PipeOptions
 * @property {import('node:stream').Readable} input
 * @property {import('node:stream').Writable} output
 * @property {(client: string | undefined) => Promise<Connection | undefined>} connect says hello; undefined when no
 *   owner answers; throws what keeps it from ever working
 * @property {() => Promise<void>} ensureOwner resolves when one answers
 * @property {(line: string) => void} log for a person who looks
 * @property {boolean} [isNamed] the client's own name does not matter
 * @property {number} [maxMessageBytes]
 * @property {number} [drainMs] how long answers are waited for after the client has closed its end
 * @property {number} [watchMs] between two looks for an owner while nothing is asked
 */
/**
 * @typedef {object} Request
 * @property {Message} message its id, method and what an answer of ours must know
 * @property {Buffer | undefined} line as long as it may have to be sent again
 * @property {boolean} isQuestion
 * @property {boolean} isStanding it has no answer until somebody ends it
 * @property {boolean} isDelivered
 * @property {boolean} isCancelled
 * @property {number} tries
 */
/** @typedef {{ line: Buffer, request?: Request }} Entry */
/**
 * @typedef {object} Link
 * @property {import('node:net').Socket} socket
 * @property {boolean} isReady the session has been agreed again
 * @property {boolean} isWriting
 * @property {Map<string, (answer: Message) => void>} privately answers that the client must not see, by id
 * @property {unknown} version of the owner
 */

const mib = 1024 * 1024
/** Answers of ours are bounded far below; this only keeps a fault from filling the memory. */
const maxAnswerBytes = 64 * mib
/** More than this waits in the client. */
const maxQueueBytes = mib
const connectTries = 5
const flushMs = 2_000
const maxTries = 2

/** @param {PipeOptions} options */
function createPipe(options) {
  const { input, output, log } = options
  const { maxMessageBytes = 4 * mib, drainMs = 10_000, watchMs = 2_000 } = options
  const handshake = createHandshake()
  const inquiries = createInquiries()
  /** @type {Link | undefined} */
  let link
  let isConnecting = false
  /** To be written to the owner, in order. @type {Entry[]} */
  let queue = []
  let queueBytes = 0
  /** Requests without an answer by the text of their id, oldest first. @type {Map<string, Request>} */
  const open = new Map()
  /** @type {ReadonlySet<string>} */
  let readTools = new Set()
  /** @type {string | undefined} */
  let client
  /** @type {string | undefined} */
  let clientOfLink
  /** @type {unknown} */
  let lastVersion
  let isEnding = false
  let isOver = false
  /** @type {NodeJS.Timeout | undefined} */
  let watching
  /** @type {NodeJS.Timeout | undefined} */
  let draining
  let lastHeardAt = Date.now()
  let privateIds = 0
  /** @type {(code: number) => void} */
  let resolveDone
  const done = new Promise((resolve) => (resolveDone = resolve))

  // ---- the client

  /** @param {object} message */
  const tell = (message) => write(Buffer.from(`${JSON.stringify(message)}\n`))
  /** @param {Buffer} bytes */
  const write = (bytes) => {
    if (isOver || output.write(bytes)) return
    const slow = link?.socket
    if (slow === undefined || slow.isPaused()) return
    slow.pause()
    output.once('drain', () => slow.resume())
  }

  /** @param {Buffer} line */
  const hear = (line) => {
    lastHeardAt = Date.now()
    const value = parse(line)
    if (value === undefined) return tell(errorAnswer(null, -32700, 'this line is not JSON'))
    // Only the revision of March 2025 has batches; their parts are messages like all others.
    if (Array.isArray(value)) for (const part of value) hearMessage(part, Buffer.from(JSON.stringify(part)))
    else hearMessage(value, line)
  }

  /**
   * @param {unknown} value
   * @param {Buffer} line
   */
  const hearMessage = (value, line) => {
    if (typeof value !== 'object' || value === null) {
      return tell(errorAnswer(null, -32600, 'a message must be a JSON-RPC object'))
    }
    const message = /** @type {Message} */ (value)
    const { id, method } = message
    if (typeof method === 'string' && (typeof id === 'string' || typeof id === 'number')) hearRequest(message, line)
    else if (typeof method === 'string' && id === undefined) hearNotice(message, line)
    else if (method === undefined && id !== undefined) hearAnswer(message)
    else tell(errorAnswer(null, -32600, 'the message is neither a request nor a notification nor an answer'))
  }

  /**
   * @param {Message} message
   * @param {Buffer} line
   */
  const hearRequest = (message, line) => {
    const { id, method, params } = message
    // Only looking whether we are there must not start an owner that somebody has stopped.
    if (method === 'ping' && link === undefined && !isConnecting) return tell({ jsonrpc: '2.0', id, result: {} })
    handshake.note(message)
    client = clientNameOf(message) ?? client
    const canRepeat = isQuestion(message, readTools)
    /** @type {Request} */
    const request = {
      message: { id, method, params: { _meta: at(params, '_meta') } },
      line,
      isQuestion: canRepeat,
      isStanding: method === 'subscriptions/listen',
      isDelivered: false,
      isCancelled: false,
      tries: 0,
    }
    open.set(keyOf(id), request)
    // A name that comes late belongs to everything after it: rules and records go by it.
    if (link !== undefined && options.isNamed !== true && clientOfLink !== client && open.size === 1) leave()
    enqueue({ line, request })
  }

  /**
   * @param {Message} message
   * @param {Buffer} line
   */
  const hearNotice = (message, line) => {
    handshake.note(message)
    if (message.method === 'notifications/cancelled') {
      const key = keyOf(at(message.params, 'requestId'))
      const request = open.get(key)
      if (request !== undefined) {
        request.isCancelled = true
        const waiting = queue.findIndex((entry) => entry.request === request)
        if (waiting !== -1) {
          open.delete(key)
          queueBytes -= queue.splice(waiting, 1)[0]?.line.length ?? 0
          return
        }
      }
    }
    // To an owner that comes later the session is told anew, and other notices are of the past.
    if (link?.isReady === true) enqueue({ line })
  }

  /** @param {Message} message */
  const hearAnswer = (message) => {
    const answer = inquiries.answer(message)
    if (answer !== undefined && link?.isReady === true) enqueue({ line: Buffer.from(JSON.stringify(answer)) })
  }

  /** @param {Entry} entry */
  const enqueue = (entry) => {
    queue.push(entry)
    queueBytes += entry.line.length
    if (queueBytes > maxQueueBytes) input.pause()
    wake()
  }

  // ---- the owner

  const wake = () => {
    if (isOver) return
    if (link !== undefined) return pump()
    if (isConnecting) return
    clearTimeout(watching)
    isConnecting = true
    bringUp().then(
      (connection) => {
        isConnecting = false
        adopt(connection)
      },
      (error) => {
        isConnecting = false
        failWaiting(error)
      },
    )
  }

  /** @returns {Promise<Connection>} */
  const bringUp = async () => {
    for (let tries = 0; tries < connectTries; tries++) {
      clientOfLink = client
      const connection = await options.connect(client)
      if (connection !== undefined) return connection
      await options.ensureOwner()
    }
    throw new Error('Maestro starts and ends again at once')
  }

  /** @param {unknown} error */
  const failWaiting = (error) => {
    const why = error instanceof Error ? error.message : String(error)
    const hint = error instanceof Error && 'hint' in error ? String(error.hint) : 'look at it with `maestro status`'
    log(`${why}. ${hint}`)
    const waiting = queue
    queue = []
    queueBytes = 0
    for (const { request } of waiting) if (request !== undefined) fail(request, unavailable(why, hint))
    if (lastVersion !== undefined) watch()
    afterQueue()
  }

  /** @param {Connection} connection */
  const adopt = ({ socket, answer }) => {
    if (isOver) return void socket.destroy()
    const version = answer['version']
    const names = answer['readTools']
    if (Array.isArray(names)) readTools = new Set(names.filter((name) => typeof name === 'string'))
    /** @type {Link} */
    const current = { socket, isReady: false, isWriting: false, privately: new Map(), version }
    link = current
    const lines = createLines(maxAnswerBytes, {
      onLine: (line) => {
        if (link === current) hearOwner(line, current)
      },
      onTooLong: () => socket.destroy(),
    })
    socket.on('data', (/** @type {Buffer} */ chunk) => lines.feed(chunk))
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      if (link === current) onLost()
    })
    // It may have gone while its hello was read.
    if (socket.destroyed) return onLost()
    socket.resume()
    agreeAgain(current)
  }

  /** @param {Link} current */
  const agreeAgain = (current) => {
    const ready = () => {
      for (const message of handshake.rest()) tellOwner(current, message)
      current.isReady = true
      const hasChanged = lastVersion !== undefined && lastVersion !== current.version
      lastVersion = current.version
      if (hasChanged && handshake.tellsOfTools()) tell({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
      pump()
    }
    const first = handshake.first()
    if (first === undefined) return ready()
    tellOwner(current, first, (answer) => {
      if (handshake.isSame(answer)) return ready()
      log('Maestro now speaks another revision of MCP than this session began with: the client must connect again')
      finish(1)
    })
  }

  /**
   * Says something that the client did not say now; answers to it are not for the client.
   * @param {Link} current
   * @param {Message} message
   * @param {(answer: Message) => void} [onAnswer]
   */
  const tellOwner = (current, message, onAnswer = () => undefined) => {
    if (message.id === undefined) return void current.socket.write(`${JSON.stringify(message)}\n`)
    const id = `maestro-again-${++privateIds}`
    current.privately.set(id, onAnswer)
    current.socket.write(`${JSON.stringify({ ...message, id })}\n`)
  }

  const pump = () => {
    for (;;) {
      const current = link
      if (current === undefined || !current.isReady || current.isWriting) break
      const entry = queue.shift()
      if (entry === undefined) break
      queueBytes -= entry.line.length
      send(entry, current)
    }
    afterQueue()
  }

  /**
   * One message at a time, so that it is known of each whether the system took all of it.
   * @param {Entry} entry
   * @param {Link} current
   */
  const send = ({ line, request }, current) => {
    if (request !== undefined) request.tries += 1
    const delivered = () => {
      if (request === undefined) return
      request.isDelivered = true
      if (!request.isQuestion) request.line = undefined
    }
    current.isWriting = true
    current.socket.write(Buffer.concat([line, lineBreak]), (error) => {
      if (error) return
      delivered()
      current.isWriting = false
      if (link === current) pump()
    })
    if (current.socket.writableLength === 0) {
      delivered()
      current.isWriting = false
    }
  }

  const afterQueue = () => {
    if (queueBytes <= maxQueueBytes && input.isPaused()) input.resume()
    finishWhenAnswered()
  }

  /**
   * @param {Buffer} line
   * @param {Link} current
   */
  const hearOwner = (line, current) => {
    const value = parse(line)
    if (typeof value !== 'object' || value === null) return log('Maestro sent a line that is no message')
    const message = /** @type {Message} */ (value)
    if (message.method !== undefined && message.id !== undefined) return tell(inquiries.ask(message))
    if (message.method !== undefined) {
      const notice = inquiries.cancel(message)
      return notice === message ? write(Buffer.concat([line, lineBreak])) : tell(notice)
    }
    const onPrivate = typeof message.id === 'string' ? current.privately.get(message.id) : undefined
    if (onPrivate !== undefined) return onPrivate(message)
    // Without an id it is about a message that could not be read; an id that nobody waits for has had its answer.
    if (message.id !== null && !open.delete(keyOf(message.id))) return
    handshake.noteAnswer(message)
    write(Buffer.concat([line, lineBreak]))
    finishWhenAnswered()
  }

  /** Ends the connection because a better one is needed; nothing is with the owner. */
  const leave = () => {
    const old = link
    link = undefined
    old?.socket.destroy()
    for (const notice of inquiries.cancelAll()) tell(notice)
  }

  const onLost = () => {
    link = undefined
    if (isOver) return
    log('Maestro has ended; its next one is joined')
    for (const notice of inquiries.cancelAll()) tell(notice)
    const waiting = new Set(queue.map((entry) => entry.request))
    /** @type {Entry[]} */
    const again = []
    for (const [key, request] of open) {
      if (waiting.has(request)) continue
      if (request.isCancelled) open.delete(key)
      else if (request.line !== undefined && mayGoAgain(request)) {
        request.isDelivered = false
        again.push({ line: request.line, request })
      } else fail(request, lost(request))
    }
    // Notices and answers belonged to the old connection.
    queue = [...again, ...queue.filter((entry) => entry.request !== undefined)]
    queueBytes = queue.reduce((sum, entry) => sum + entry.line.length, 0)
    if (queue.some(({ request }) => request?.isStanding === false)) wake()
    else watch()
    afterQueue()
  }

  /** Takes part again when an owner is there, without starting one: somebody may have stopped it on purpose. */
  const watch = () => {
    clearTimeout(watching)
    if (isOver) return
    watching = setTimeout(() => {
      if (link !== undefined || isConnecting) return
      isConnecting = true
      clientOfLink = client
      options.connect(client).then(
        (connection) => {
          isConnecting = false
          if (connection !== undefined) return adopt(connection)
          if (queue.some(({ request }) => request?.isStanding === false)) wake()
          else watch()
        },
        () => {
          isConnecting = false
          watch()
        },
      )
    }, watchMs)
  }

  /**
   * @param {Request} request
   * @param {Failure} failure
   */
  const fail = (request, failure) => {
    open.delete(keyOf(request.message.id))
    if (!request.isCancelled) tell(failureAnswer(request.message, failure))
  }

  // ---- the end

  const finishWhenAnswered = () => {
    if (isEnding && queue.length === 0 && [...open.values()].every((request) => request.isStanding)) finish(0)
  }

  /** @param {number} code */
  const finish = (code) => {
    if (isOver) return
    for (const request of open.values()) if (code !== 0 && !request.isStanding) fail(request, lost(request))
    isOver = true
    clearTimeout(watching)
    clearTimeout(draining)
    link?.socket.destroy()
    link = undefined
    input.pause()
    // What was said last is written out, unless nobody takes it.
    if (output.destroyed) return resolveDone(code)
    output.write('', () => resolveDone(code))
    setTimeout(() => resolveDone(code), flushMs).unref()
  }

  const lines = createLines(maxMessageBytes, {
    onLine: hear,
    onTooLong: (id) => {
      const { message, ...rest } = tooLarge(maxMessageBytes)
      tell(errorAnswer(id, -32600, message, rest))
    },
  })
  const onEnd = () => {
    if (isEnding) return
    isEnding = true
    lines.end()
    finishWhenAnswered()
    if (!isOver) draining = setTimeout(() => finish(0), drainMs)
  }
  input.on('data', (/** @type {Buffer} */ chunk) => lines.feed(chunk))
  input.on('end', onEnd)
  input.on('close', onEnd)
  input.on('error', onEnd)
  // Nobody reads answers any more.
  output.on('error', () => finish(0))

  return {
    /** The exit code, when the client is done or cannot be served any more. @type {Promise<number>} */
    done,
    /** Ends at once; calls that are under way are the owner's to cancel. @param {number} code */
    close: (code) => {
      isOver = true
      link?.socket.destroy()
      resolveDone(code)
    },
    /** Without a message from the client and without a request that waits, in ms. */
    quietMs: () => (open.size === 0 ? Date.now() - lastHeardAt : 0),
  }
}

const lineBreak = Buffer.from('\n')

/** @param {unknown} id */
function keyOf(id) {
  return JSON.stringify({ id })
}

/** @param {Request} request */
function mayGoAgain(request) {
  return !request.isDelivered || request.isStanding || (request.isQuestion && request.tries < maxTries)
}

/**
 * @param {Buffer} line
 * @returns {unknown} undefined when it is no JSON
 */
function parse(line) {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return undefined
  }
}

module.exports = { createPipe }
