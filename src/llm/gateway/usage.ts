// What a model's answer says about tokens and money, read off beside the stream that passes. Each wire has
// its own fields. All figures come out in one sense: `inputTokens` is the whole input, with what came from
// or went to a cache; reasoning counts as output. Never throws; what is not told stays null.

import { createLineSplitter } from './line-splitter.ts'
import type { Format } from './routes.ts'

export interface CallUsage {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
  /** What the provider itself says that the call cost. */
  readonly costUsd: number | null
}

export const nothingTold: CallUsage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  costUsd: null,
}

export interface UsageReader {
  push(chunk: Uint8Array): void
  end(): {
    readonly usage: CallUsage
    readonly failed: boolean
    /** The stream has said that it is done: whoever hangs up after that has missed nothing. */
    readonly isDone: boolean
  }
}

/** Longer lines of a stream, and longer whole answers, are not read: they pass, and what they cost is unknown. */
const maxLineBytes = 4 * 1024 * 1024
const maxWholeBytes = 32 * 1024 * 1024

type Json = Readonly<Record<string, unknown>>

export function createUsageReader(format: Format, isStream: boolean): UsageReader {
  let usage = nothingTold
  let failed = false
  let isDone = false
  function see(text: string): void {
    const value = parse(text)
    if (value === null) return
    usage = merged(usage, readUsage(format, value))
    failed ||= isFailure(format, value)
  }
  if (!isStream) {
    const chunks: Buffer[] = []
    let bytes = 0
    return {
      push(chunk) {
        bytes += chunk.length
        if (bytes <= maxWholeBytes) chunks.push(Buffer.from(chunk))
        else chunks.length = 0
      },
      end() {
        if (bytes <= maxWholeBytes) see(Buffer.concat(chunks).toString('utf8'))
        return { usage, failed, isDone }
      },
    }
  }
  const lines = createLineSplitter(maxLineBytes)
  const onLine = (line: string): void => {
    // Most lines are pieces of text: only those that can hold a figure or an error are parsed.
    isDone ||= doneMark[format].test(line)
    if (line.startsWith('data:') && /"(?:usage|usageMetadata|error)"/.test(line)) see(line.slice(5))
  }
  return {
    push: (chunk) => lines.push(chunk).forEach(onLine),
    end() {
      lines.end().forEach(onLine)
      return { usage, failed, isDone }
    },
  }
}

/** Some clients hang up right after it, a moment before the provider does. */
const doneMark: Readonly<Record<Format, RegExp>> = {
  chat: /^data: ?\[DONE\]/,
  responses:
    /^data: ?\{"type": ?"response\.(?:completed|incomplete|failed)"|^event: ?response\.(?:completed|incomplete|failed)/,
  messages: /^event: ?message_stop|^data: ?\{"type": ?"message_stop"/,
  gemini: /^data:.*"finishReason": ?"/,
}

/** What one event, or a whole answer, says. */
function readUsage(format: Format, value: Json): CallUsage {
  switch (format) {
    case 'chat':
      return fromOpenAi(value['usage'])
    case 'responses':
      return fromOpenAi(objectOf(value['response'])?.['usage'] ?? value['usage'])
    case 'messages':
      return fromAnthropic(objectOf(value['message'])?.['usage'] ?? value['usage'])
    case 'gemini':
      return fromGemini(value['usageMetadata'])
  }
}

/** Chat completions and Responses, with what OpenRouter and LiteLLM add. */
function fromOpenAi(value: unknown): CallUsage {
  const usage = objectOf(value)
  if (usage === null) return nothingTold
  const details = objectOf(usage['prompt_tokens_details'] ?? usage['input_tokens_details'])
  const cost = amount(usage['cost'])
  // With a key of one's own at OpenRouter, `cost` is its fee alone.
  const upstream =
    usage['is_byok'] === true ? amount(objectOf(usage['cost_details'])?.['upstream_inference_cost']) : null
  return {
    inputTokens: count(usage['prompt_tokens'] ?? usage['input_tokens']),
    outputTokens: count(usage['completion_tokens'] ?? usage['output_tokens']),
    cacheReadTokens: count(details?.['cached_tokens']),
    cacheWriteTokens: count(details?.['cache_write_tokens']),
    costUsd: cost === null ? null : cost + (upstream ?? 0),
  }
}

/** Its input tokens leave the cached ones out. */
function fromAnthropic(value: unknown): CallUsage {
  const usage = objectOf(value)
  if (usage === null) return nothingTold
  const fresh = count(usage['input_tokens'])
  const read = count(usage['cache_read_input_tokens'])
  const written = count(usage['cache_creation_input_tokens'])
  return {
    inputTokens: fresh === null ? null : fresh + (read ?? 0) + (written ?? 0),
    outputTokens: count(usage['output_tokens']),
    cacheReadTokens: read,
    cacheWriteTokens: written,
    costUsd: amount(usage['cost']),
  }
}

function fromGemini(value: unknown): CallUsage {
  const usage = objectOf(value)
  if (usage === null) return nothingTold
  const answer = count(usage['candidatesTokenCount'])
  const thoughts = count(usage['thoughtsTokenCount'])
  return {
    inputTokens: count(usage['promptTokenCount']),
    outputTokens: answer === null && thoughts === null ? null : (answer ?? 0) + (thoughts ?? 0),
    cacheReadTokens: count(usage['cachedContentTokenCount']),
    cacheWriteTokens: null,
    costUsd: null,
  }
}

/** Later figures of one stream replace earlier ones: they count from its beginning. */
function merged(before: CallUsage, now: CallUsage): CallUsage {
  return {
    inputTokens: now.inputTokens ?? before.inputTokens,
    outputTokens: now.outputTokens ?? before.outputTokens,
    cacheReadTokens: now.cacheReadTokens ?? before.cacheReadTokens,
    cacheWriteTokens: now.cacheWriteTokens ?? before.cacheWriteTokens,
    costUsd: now.costUsd ?? before.costUsd,
  }
}

/** An error that comes in a stream which began well, with status 200. */
function isFailure(format: Format, value: Json): boolean {
  if (format === 'responses') return value['type'] === 'response.failed' || value['type'] === 'error'
  return objectOf(value['error']) !== null
}

function parse(text: string): Json | null {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return null
  }
}

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
}

/** Whole and within what a database row takes; anything else was not told. */
function count(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1e12 ? Math.round(value) : null
}

function amount(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1e6 ? value : null
}
