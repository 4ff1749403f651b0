// The real logger: pino, with the redactor as the last thing every line goes through. A secret in a field,
// a message or a stack trace is taken out alike, because what is filtered is the finished line.

import pino from 'pino'
import type { Log } from './log.ts'
import type { Redactor } from './redact.ts'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly redact: Pick<Redactor, 'text'>
  /** stdout by default; stderr where stdout carries a protocol. A writer takes whole lines, for tests. */
  readonly destination?: 'stdout' | 'stderr' | { write(line: string): void }
}

export function createLog({ level, redact, destination = 'stdout' }: LogOptions): Log {
  const sink =
    typeof destination === 'object'
      ? destination
      : pino.destination({ dest: destination === 'stdout' ? 1 : 2, sync: true })
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Message and stack of an error are no enumerable fields: without this a line would only say its code.
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    { write: (line) => sink.write(redact.text(line)) },
  )
  return wrap(logger)
}

function wrap(logger: pino.Logger): Log {
  return {
    debug: (fields, message) => {
      logger.debug(fields, message)
    },
    info: (fields, message) => {
      logger.info(fields, message)
    },
    warn: (fields, message) => {
      logger.warn(fields, message)
    },
    error: (fields, message) => {
      logger.error(fields, message)
    },
    child: (fields) => wrap(logger.child(fields)),
  }
}
