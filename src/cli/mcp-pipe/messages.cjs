// @ts-check
// What the pipe knows of MCP: which messages are questions that may be asked twice, and the answers it gives itself
// when nobody else can. Pure.
'use strict'

/** @typedef {string | number} Id */
/**
 * A JSON-RPC message; what its parts really are is looked at where they are used.
 * @typedef {{ jsonrpc?: unknown, id?: unknown, method?: unknown, params?: unknown, result?: unknown, error?: unknown }} Message
 */
/**
 * Why a request got no answer from Maestro.
 * @typedef {object} Failure
 * @property {'LOST' | 'UNAVAILABLE' | 'TOO_LARGE'} code
 * @property {string} message
 * @property {string} hint
 * @property {boolean} retryable
 * @property {'no' | 'maybe'} executed
 */

const metaName = {
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  version: 'io.modelcontextprotocol/protocolVersion',
}

/**
 * What lies at a path of keys; undefined when the way ends before.
 * @param {unknown} value
 * @param {...string} path
 * @returns {unknown}
 */
function at(value, ...path) {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = /** @type {Record<string, unknown>} */ (found)[key]
  }
  return found
}

/** Methods that change nothing but the connection's own state: asked again, they give the same answer. */
const questions = new Set([
  'completion/complete',
  'initialize',
  'ping',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'server/discover',
  'subscriptions/listen',
  'tasks/get',
  'tasks/list',
  'tasks/result',
  'tools/list',
])

/**
 * True when a request may be sent a second time without harm.
 * @param {Message} message
 * @param {ReadonlySet<string>} readTools tools that only look
 */
function isQuestion(message, readTools) {
  if (message.method === 'tools/call') return readTools.has(String(at(message.params, 'name')))
  return typeof message.method === 'string' && questions.has(message.method)
}

/**
 * The name a client gives itself, at `initialize` or with every request; undefined when this message has none.
 * @param {Message} message
 * @returns {string | undefined}
 */
function clientNameOf({ method, params }) {
  const info = method === 'initialize' ? at(params, 'clientInfo') : at(params, '_meta', metaName.clientInfo)
  const name = at(info, 'name')
  if (typeof name !== 'string') return undefined
  const clean = name
    .replace(/[^\w .@:+-]+/g, '-')
    .trim()
    .slice(0, 64)
  return clean === '' ? undefined : clean
}

/**
 * @param {Message} request
 * @param {Failure} failure
 */
function failureAnswer(request, failure) {
  const { code, message, hint, retryable, executed } = failure
  const error = { code, message, hint, retryable, executed }
  if (request.method !== 'tools/call') return errorAnswer(request.id, -32603, message, error)
  // Revisions that send their version with every request also want to be told that this is the whole answer.
  const isModern = typeof at(request.params, '_meta', metaName.version) === 'string'
  return {
    jsonrpc: '2.0',
    id: request.id,
    result: {
      ...(isModern ? { resultType: 'complete' } : {}),
      content: [{ type: 'text', text: `${message}. ${hint}` }],
      isError: true,
      structuredContent: { error },
    },
  }
}

/**
 * @param {unknown} id
 * @param {number} code of JSON-RPC
 * @param {string} message
 * @param {object} [data]
 */
function errorAnswer(id, code, message, data) {
  const error = { code, message, ...(data === undefined ? {} : { data }) }
  return { jsonrpc: '2.0', id: id === undefined ? null : id, error }
}

/**
 * For a request that was with Maestro when the connection to it ended.
 * @param {{ isDelivered: boolean, isQuestion: boolean }} request
 * @returns {Failure}
 */
function lost({ isDelivered, isQuestion }) {
  if (isDelivered && !isQuestion) {
    return {
      code: 'LOST',
      message: 'Maestro ended while this call was with it, and whether it was carried out is not known',
      hint: 'Look at what it should have changed before you call it again; Maestro is back with the next call',
      retryable: false,
      executed: 'maybe',
    }
  }
  return {
    code: 'LOST',
    message: isDelivered
      ? 'Maestro ended twice while this was asked; it changes nothing'
      : 'Maestro ended before this call reached it',
    hint: 'Call it again',
    retryable: true,
    executed: 'no',
  }
}

/**
 * @param {string} why
 * @param {string} hint
 * @returns {Failure}
 */
function unavailable(why, hint) {
  return { code: 'UNAVAILABLE', message: why, hint, retryable: true, executed: 'no' }
}

/**
 * @param {number} maxBytes
 * @returns {Failure}
 */
function tooLarge(maxBytes) {
  return {
    code: 'TOO_LARGE',
    message: `a message may have ${maxBytes} bytes, and this one has more`,
    hint: 'Send less at a time: large files in parts, or by a copy from a path',
    retryable: false,
    executed: 'no',
  }
}

module.exports = { at, clientNameOf, errorAnswer, failureAnswer, isQuestion, lost, tooLarge, unavailable }
