// @ts-check
// Questions of Maestro's to the client, under names that are never used twice. Each connection counts from the
// beginning, so without them an answer that comes late (a person's yes!) could be taken for the answer to another
// question of the next connection. Pure.
'use strict'

const { at } = require('./messages.cjs')

/** @typedef {import('./messages.cjs').Message} Message */

function createInquiries() {
  let count = 0
  /** Maestro's own id by ours. @type {Map<string, unknown>} */
  const open = new Map()

  return {
    /** The question as the client sees it. @param {Message} question */
    ask(question) {
      const id = `maestro-${++count}`
      open.set(id, question.id)
      return { ...question, id }
    },
    /** The answer as Maestro knows it; undefined when nobody waits for it any more. @param {Message} answer */
    answer(answer) {
      if (typeof answer.id !== 'string' || !open.has(answer.id)) return undefined
      const id = open.get(answer.id)
      open.delete(answer.id)
      return { ...answer, id }
    },
    /** Maestro's notice that it no longer asks, in the client's terms; other notices unchanged. @param {Message} notice */
    cancel(notice) {
      if (notice.method !== 'notifications/cancelled') return notice
      const theirs = at(notice.params, 'requestId')
      const ours = [...open].find(([, id]) => id === theirs)?.[0]
      if (ours === undefined) return notice
      open.delete(ours)
      return { ...notice, params: { .../** @type {object} */ (notice.params), requestId: ours } }
    },
    /** Takes every question back: whoever asked is gone. @returns {Message[]} notices for the client */
    cancelAll() {
      const ids = [...open.keys()]
      open.clear()
      return ids.map((requestId) => ({
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: { requestId, reason: 'Maestro was restarted' },
      }))
    },
  }
}

module.exports = { createInquiries }
