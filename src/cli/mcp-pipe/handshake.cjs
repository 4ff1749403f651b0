// @ts-check
// What a client of the revisions up to 2025-11-25 has agreed with Maestro at the beginning of its session, so that it
// can be agreed again over a new connection without the client noticing. Later revisions have no such state. Pure.
'use strict'

const { at } = require('./messages.cjs')

/** @typedef {import('./messages.cjs').Message} Message */

const maxSubscriptions = 1000

function createHandshake() {
  /** @type {Message | undefined} */
  let asked
  /** What was answered to it. @type {{ version: unknown, tellsOfTools: boolean } | undefined} */
  let agreed
  let isInitialized = false
  /** Requests whose effect lasts as long as the connection, by what they set. @type {Map<string, Message>} */
  const settings = new Map()

  return {
    /** A message of the client's. @param {Message} message */
    note(message) {
      const uri = () => `uri ${String(at(message.params, 'uri'))}`
      switch (message.method) {
        case 'initialize':
          asked = message
          agreed = undefined
          isInitialized = false
          settings.clear()
          return
        case 'notifications/initialized':
          isInitialized = true
          return
        case 'logging/setLevel':
          settings.set('level', message)
          return
        case 'resources/subscribe':
          if (settings.size < maxSubscriptions) settings.set(uri(), message)
          return
        case 'resources/unsubscribe':
          settings.delete(uri())
      }
    },
    /** An answer to the client. @param {Message} answer */
    noteAnswer(answer) {
      if (asked === undefined || agreed !== undefined || answer.id !== asked.id || answer.result === undefined) return
      agreed = {
        version: at(answer.result, 'protocolVersion'),
        tellsOfTools: at(answer.result, 'capabilities', 'tools', 'listChanged') === true,
      }
    },
    /** The question to begin a new connection with; undefined when nothing has been agreed. */
    first: () => (agreed === undefined ? undefined : asked),
    /** True when the answer to it agrees the same as before. @param {Message} answer */
    isSame: (answer) => at(answer.result, 'protocolVersion') === agreed?.version,
    /** What follows the answer. @returns {Message[]} */
    rest: () => [
      ...(isInitialized ? [{ jsonrpc: '2.0', method: 'notifications/initialized' }] : []),
      ...settings.values(),
    ],
    /** The client wants to know when the list of tools changes. */
    tellsOfTools: () => agreed?.tellsOfTools === true && isInitialized,
  }
}

module.exports = { createHandshake }
