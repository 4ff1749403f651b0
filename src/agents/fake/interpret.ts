// The rehearsal agent's JSON lines as events, and how its turn ended.

import { type Usage, unknownUsage } from '#src/core/index.ts'
import type { ProcessEnd, TaskEventBody } from '#src/tasks/index.ts'
import type { Interpreter, Outcome, TurnInput } from '../adapter.ts'
import { bounded, boundedInput, maxNoticeChars, maxToolChars } from '../bounds.ts'
import { OutcomeKind } from '../contract.ts'
import { endedFromOutside, failure, killedBySignal, type Failure } from '../outcomes.ts'
import { toCount, usageSince } from '../usage.ts'

interface Line {
  type?: unknown
  [key: string]: unknown
}

const retryableKinds: readonly OutcomeKind[] = ['rate_limited', 'provider_error', 'network', 'empty_response']

export function interpretFake(input: TurnInput): Interpreter {
  let answer = ''
  let isDone = false
  let cumulative: Usage | null = null
  let reported: Failure | null = null

  function onLine(line: Line): TaskEventBody[] {
    const text = (key: string): string => (typeof line[key] === 'string' ? line[key] : '')
    switch (line.type) {
      case 'session':
        return [{ type: 'session.started', sessionId: text('id') }]
      case 'text':
        answer += text('text')
        return [{ type: 'text.delta', messageId: text('id'), text: text('text') }]
      case 'tool':
        answer = ''
        return [
          {
            type: 'tool.called',
            callId: text('id'),
            server: null,
            tool: text('name'),
            input: boundedInput(line['input']),
          },
        ]
      case 'tool_result': {
        const output = bounded(text('output'), maxToolChars)
        return [
          {
            type: 'tool.returned',
            callId: text('id'),
            ok: line['ok'] === true,
            output: output.text,
            truncated: output.truncated,
          },
        ]
      }
      case 'usage': {
        const inputTokens = toCount(line['inputTokens'])
        cumulative = {
          inputTokens,
          outputTokens: toCount(line['outputTokens']),
          cacheReadTokens: 0,
          cacheWriteTokens: 0,
          costUsd: 0,
        }
        return [{ type: 'usage.updated', usage: usageSince(input.checkpoint?.cumulative ?? null, cumulative) }]
      }
      case 'error': {
        const kind = OutcomeKind.catch('crashed').parse(line['kind'])
        reported = failure(kind, bounded(text('message'), maxNoticeChars).text, {
          retryable: retryableKinds.includes(kind),
        })
        return []
      }
      case 'done':
        isDone = true
        return []
      default:
        return []
    }
  }

  function findFailure(end: ProcessEnd | null): Failure | null {
    const outside = endedFromOutside(end, 'the rehearsal')
    if (outside !== null || end === null) return outside
    if (reported !== null) return reported
    const signalled = killedBySignal(end.exitCode, 'the rehearsal')
    if (signalled !== null) return signalled
    if (end.exitCode !== 0) return failure('crashed', `the rehearsal ended with exit code ${end.exitCode}`)
    if (!isDone) return failure('crashed', 'the rehearsal ended without saying that it was done')
    return answer.trim() === '' ? failure('empty_response', 'the rehearsal said nothing', { retryable: true }) : null
  }

  return {
    out: (text) => onLine(parse(text)),
    err: () => [],
    conclude(end): Outcome {
      const before = input.checkpoint?.cumulative ?? null
      const usage = cumulative === null ? unknownUsage : usageSince(before, cumulative)
      const total = cumulative ?? before ?? unknownUsage
      const failed = findFailure(end)
      if (failed !== null) return { ok: false, ...failed, text: answer, usage, cumulative: total }
      return { ok: true, text: answer, usage, cumulative: total, warnings: [] }
    },
  }
}

function parse(text: string): Line {
  if (!text.startsWith('{')) return {}
  try {
    return JSON.parse(text) as Line
  } catch {
    return {}
  }
}
