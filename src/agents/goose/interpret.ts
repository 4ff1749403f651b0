// Goose's stream-json, line by line, as events; and what was seen, for the outcome. Goose speaks in
// two voices: messages with `metadata.inference` are the model's, the others are Goose's own sentences
// ("Ran into this error: ...") and never count as an answer.

import type { TaskEventBody } from '#src/tasks/index.ts'
import { bounded, boundedInput, maxNoticeChars, maxToolChars, tail } from '../bounds.ts'
import type { Interpreter, TurnInput } from '../adapter.ts'
import { toCost, toCount, usageSince } from '../usage.ts'
import { decideGoose, type GooseEvidence } from './outcome.ts'
import { extensionNames } from './plan.ts'

interface Content {
  type?: string
  text?: string
  thinking?: string
  id?: string
  kind?: string
  message?: string
  msg?: string
  notificationType?: string
  toolCall?: { status?: string; value?: { name?: unknown; arguments?: unknown }; error?: string }
  toolResult?: {
    status?: string
    value?: { content?: unknown; isError?: boolean }
    error?: string
  }
  _meta?: { goose_extension?: string }
}

interface Line {
  type?: string
  error?: unknown
  message?: { id?: string; role?: string; content?: unknown; metadata?: { inference?: unknown } } | null
  [figure: string]: unknown
}

export function interpretGoose(input: TurnInput): Interpreter {
  const seen: { -readonly [K in keyof GooseEvidence]: GooseEvidence[K] } = {
    answer: '',
    lastVoice: null,
    notice: null,
    error: null,
    complete: false,
    cumulative: null,
    failedServers: [],
    stderr: '',
    strayOutput: '',
  }
  // A new part of the answer begins after each tool call: what comes after the last one is the answer.
  let part = 0

  function onMessage(message: NonNullable<Line['message']>): TaskEventBody[] {
    const content = listOf(message.content)
    const isModel = message.metadata?.inference !== undefined
    return content.flatMap((item) => onContent(item, message.id ?? 'message', message.role ?? '', isModel))
  }

  function onContent(item: Content, messageId: string, role: string, isModel: boolean): TaskEventBody[] {
    const id = part === 0 ? messageId : `${messageId}.${part}`
    switch (item.type) {
      case 'text':
        if (typeof item.text !== 'string' || role !== 'assistant') return []
        if (!isModel) return onNotice(item.text)
        seen.answer += item.text
        seen.lastVoice = 'model'
        return [{ type: 'text.delta', messageId: id, text: item.text }]
      case 'thinking':
      case 'reasoning': {
        const text = item.thinking ?? item.text
        return typeof text === 'string' ? [{ type: 'thinking.delta', messageId: id, text }] : []
      }
      case 'toolRequest':
        startPart()
        return [toolCalled(item)]
      case 'toolResponse':
        startPart()
        return [toolReturned(item)]
      case 'error':
        seen.error = { kind: item.kind ?? 'other', text: notice(item.message ?? 'unknown error') }
        return []
      case 'systemNotification':
        if (item.notificationType === 'creditsExhausted') {
          seen.error = { kind: 'creditsExhausted', text: notice(item.msg ?? '') }
          return []
        }
        return typeof item.msg === 'string' && item.msg !== '' ? [{ type: 'agent.warned', text: notice(item.msg) }] : []
      default:
        return []
    }
  }

  function startPart(): void {
    part += 1
    seen.answer = ''
    seen.lastVoice = null
  }

  /** Goose's own voice: shown as a warning, judged in the outcome. */
  function onNotice(text: string): TaskEventBody[] {
    seen.notice = notice(text)
    seen.lastVoice = 'goose'
    return [{ type: 'agent.warned', text: seen.notice }]
  }

  function onComplete(line: Line): TaskEventBody[] {
    seen.complete = true
    seen.cumulative = {
      inputTokens: toCount(line['input_tokens']),
      outputTokens: toCount(line['output_tokens']),
      cacheReadTokens: toCount(line['cache_read_input_tokens']),
      cacheWriteTokens: toCount(line['cache_write_input_tokens']),
      costUsd: toCost(line['cost_usd']),
    }
    return [{ type: 'usage.updated', usage: usageSince(input.checkpoint?.cumulative ?? null, seen.cumulative) }]
  }

  return {
    out(text) {
      const line = parse(text)
      if (line === null) {
        seen.strayOutput = tail(`${seen.strayOutput}${text}\n`, maxNoticeChars)
        return []
      }
      switch (line.type) {
        case 'message':
          return typeof line.message === 'object' && line.message !== null ? onMessage(line.message) : []
        case 'complete':
          return onComplete(line)
        case 'error': {
          const said = typeof line.error === 'string' ? line.error : JSON.stringify(line.error ?? 'unknown error')
          seen.error = { kind: seen.error?.kind ?? 'other', text: notice(said) }
          return []
        }
        default:
          return []
      }
    },
    err(text) {
      seen.stderr = tail(`${seen.stderr}${text}\n`, maxNoticeChars)
      // The reason may go on in the next lines, when it quotes what the server printed.
      const failed = /Failed to start extension '([^']+)' \((.*?)(?:\), continuing without it)?$/.exec(text)
      if (failed === null) return []
      const [, extension = '', reason = ''] = failed
      const server = input.mcpServers[extensionNames(input.mcpServers).indexOf(extension)]
      const name = server?.name ?? extension
      // Goose knows only our servers: one under a name of its own may well be the required one.
      const required = server?.required ?? input.mcpServers.some((candidate) => candidate.required)
      seen.failedServers = [...seen.failedServers, { name, reason: notice(reason), required }]
      return [{ type: 'mcp.status', server: name, ok: false, reason: notice(reason) }]
    },
    conclude: (end) => decideGoose(input, seen, end),
  }
}

function toolCalled(item: Content): TaskEventBody {
  const callId = item.id ?? ''
  const call = item.toolCall?.value
  if (item.toolCall?.status === 'error' || call === undefined) {
    const error = notice(item.toolCall?.error ?? 'the call could not be read')
    return {
      type: 'tool.called',
      callId,
      server: null,
      tool: /Tool '([^']+)'/.exec(error)?.[1] ?? '?',
      input: { error },
    }
  }
  const [server, tool] = splitToolName(typeof call.name === 'string' ? call.name : '?', item._meta?.goose_extension)
  return { type: 'tool.called', callId, server, tool, input: boundedInput(call.arguments) }
}

function toolReturned(item: Content): TaskEventBody {
  const result = item.toolResult
  const whole =
    result?.status === 'error'
      ? notice(result.error ?? 'failed')
      : listOf(result?.value?.content)
          .map((part) => part.text ?? `[${part.type ?? 'content'}]`)
          .join('\n')
  const { text, truncated } = bounded(whole, maxToolChars)
  const ok = result?.status !== 'error' && result?.value?.isError !== true
  return { type: 'tool.returned', callId: item.id ?? '', ok, output: text, truncated }
}

/** MCP tools are `server__tool`; Goose's own have no prefix. */
function splitToolName(name: string, extension: string | undefined): [server: string | null, tool: string] {
  const at = name.indexOf('__')
  return at > 0 ? [name.slice(0, at), name.slice(at + 2)] : [extension ?? null, name]
}

/** The objects of a list, whatever a newer Goose puts there. */
function listOf(value: unknown): Content[] {
  if (!Array.isArray(value)) return []
  return (value as unknown[]).filter((item): item is Content => typeof item === 'object' && item !== null)
}

function notice(text: unknown): string {
  return bounded(String(text), maxNoticeChars).text
}

/** On SIGINT Goose glues a sentence and an object on one line: what begins with `{"type"` is read. */
function parse(text: string): Line | null {
  const at = text.startsWith('{') ? 0 : text.indexOf('{"type":')
  if (at < 0) return null
  try {
    const value: unknown = JSON.parse(text.slice(at))
    return typeof value === 'object' && value !== null ? (value as Line) : null
  } catch {
    return null
  }
}
