import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from './log-pino.ts'
import { createRedactor } from './redact.ts'

const secret = 'canary"9f3a7c21\\x'

function capture(level: 'debug' | 'info' = 'info') {
  const lines: string[] = []
  const log = createLog({
    level,
    redact: createRedactor(() => [secret]),
    destination: { write: (line) => lines.push(line) },
  })
  return { lines, log }
}

test('takes secrets out of fields, messages, nested values and stack traces', () => {
  const { lines, log } = capture()
  log.info({ token: secret, deep: { list: [`Bearer ${secret}`] } }, `used ${secret}`)
  log.error({ err: new Error(`refused ${secret}`, { cause: new Error(secret) }) }, 'failed')
  log.child({ url: `http://h/?k=${encodeURIComponent(secret)}` }).warn({}, 'asked')
  assert.equal(lines.length, 3)
  for (const line of lines) {
    assert.ok(!line.includes('9f3a7c21'), line)
    assert.match(line, /\[redacted\]/)
    JSON.parse(line)
  }
})

test('says what an error said and where it was thrown, whichever of the two names it goes by', () => {
  const { lines, log } = capture()
  log.warn({ error: new TypeError('out of tune') }, 'failed')
  log.child({ room: 'store' }).warn({ err: new TypeError('out of tune') }, 'failed')
  for (const [index, name] of ['error', 'err'].entries()) {
    const line = JSON.parse(lines[index] ?? '') as Record<string, { message: string; stack: string }>
    assert.equal(line[name]?.message, 'out of tune')
    assert.match(line[name].stack, /log-pino\.test/)
  }
})

test('writes one JSON object a line with time, level, fields and message', () => {
  const { lines, log } = capture()
  log.child({ room: 'store' }).info({ n: 1 }, 'hello')
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  assert.deepEqual(
    { ...line, time: typeof line['time'] },
    { level: 'info', time: 'string', room: 'store', n: 1, msg: 'hello' },
  )
})

test('leaves out what is below its level', () => {
  const { lines, log } = capture('info')
  log.debug({}, 'details')
  assert.deepEqual(lines, [])
})
