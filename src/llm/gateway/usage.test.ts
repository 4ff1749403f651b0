import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Format } from './routes.ts'
import { createUsageHider } from './usage-hider.ts'
import { type CallUsage, createUsageReader, nothingTold } from './usage.ts'

const event = (body: object, name = ''): string =>
  `${name === '' ? '' : `event: ${name}\n`}data: ${JSON.stringify(body)}\n\n`
const told = (inputTokens: number, outputTokens: number, rest: Partial<CallUsage> = {}): CallUsage => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  costUsd: null,
  ...rest,
})

const streams: { name: string; format: Format; stream: string; usage: CallUsage }[] = [
  {
    name: 'chat completions with OpenRouter’s cost',
    format: 'chat',
    stream:
      event({ choices: [{ delta: { content: 'ünï 🎼 "usage"' } }], usage: null }) +
      event({
        choices: [],
        usage: { prompt_tokens: 10, completion_tokens: 4, cost: 0.002, prompt_tokens_details: { cached_tokens: 3 } },
      }) +
      'data: [DONE]\n\n',
    usage: told(10, 4, { costUsd: 0.002, cacheReadTokens: 3 }),
  },
  {
    name: 'chat completions with a key of one’s own at OpenRouter',
    format: 'chat',
    stream: event({
      choices: [],
      usage: {
        prompt_tokens: 1,
        completion_tokens: 1,
        cost: 0.01,
        is_byok: true,
        cost_details: { upstream_inference_cost: 0.2 },
      },
    }),
    usage: told(1, 1, { costUsd: 0.01 + 0.2 }),
  },
  {
    name: 'Responses',
    format: 'responses',
    stream: event(
      {
        type: 'response.completed',
        response: { usage: { input_tokens: 7, input_tokens_details: { cached_tokens: 2 }, output_tokens: 5 } },
      },
      'response.completed',
    ),
    usage: told(7, 5, { cacheReadTokens: 2 }),
  },
  {
    name: 'Anthropic, whose input leaves the cached part out',
    format: 'messages',
    stream:
      event({
        type: 'message_start',
        message: {
          usage: { input_tokens: 5, output_tokens: 1, cache_creation_input_tokens: 20, cache_read_input_tokens: 300 },
        },
      }) + event({ type: 'message_delta', delta: {}, usage: { output_tokens: 44 } }),
    usage: told(325, 44, { cacheReadTokens: 300, cacheWriteTokens: 20 }),
  },
  {
    name: 'Gemini, whose thoughts are output too',
    format: 'gemini',
    stream:
      event({ usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 1 } }).replaceAll('\n', '\r\n') +
      event({ usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 6, thoughtsTokenCount: 30 } }),
    usage: told(9, 36),
  },
]

describe('usage is read off a stream', () => {
  for (const { name, format, stream, usage } of streams) {
    test(`${name}, split at every byte`, () => {
      const bytes = Buffer.from(stream)
      for (let at = 0; at <= bytes.length; at++) {
        const reader = createUsageReader(format, true)
        reader.push(bytes.subarray(0, at))
        reader.push(bytes.subarray(at))
        const { usage: read, failed } = reader.end()
        assert.deepEqual([read, failed], [usage, false], `split at ${at}`)
      }
      const single = createUsageReader(format, true)
      for (const byte of bytes) single.push(Uint8Array.of(byte))
      assert.deepEqual(single.end().usage, usage)
    })
  }

  test('a stream that ends without its last line break has told all the same', () => {
    const reader = createUsageReader('chat', true)
    reader.push(Buffer.from('data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}'))
    assert.deepEqual(reader.end().usage, told(1, 2))
  })

  test('an error in a stream that began well is a failure', () => {
    for (const [format, body] of [
      ['chat', { error: { message: 'overloaded' } }],
      ['messages', { type: 'error', error: { type: 'overloaded_error' } }],
      ['responses', { type: 'response.failed', response: { error: { message: 'x' } } }],
      ['gemini', { error: { code: 503 } }],
    ] as const) {
      const reader = createUsageReader(format, true)
      reader.push(Buffer.from(event(body)))
      assert.equal(reader.end().failed, true, format)
    }
  })

  test('garbage, odd figures and endless lines tell nothing and are not kept', () => {
    const reader = createUsageReader('chat', true)
    reader.push(
      Buffer.from('data: {"usage": \ndata: {"usage":{"prompt_tokens":"many","completion_tokens":-1,"cost":1e99}}\n'),
    )
    reader.push(Buffer.from('\0\xff\n'))
    for (let i = 0; i < 100; i++) reader.push(Buffer.alloc(1024 * 1024, '"usage"'))
    assert.deepEqual(reader.end(), { usage: nothingTold, failed: false, isDone: false })
  })

  test('a whole answer in one piece is read too', () => {
    const reader = createUsageReader('messages', false)
    reader.push(Buffer.from('{"type":"message","usage":{"input_tokens":3,'))
    reader.push(Buffer.from('"output_tokens":4}}'))
    assert.deepEqual(reader.end().usage, told(3, 4))
  })
})

test('the usage event is taken out wherever the stream is split, everything else is left', () => {
  const kept = `${event({ choices: [{ delta: { content: 'ünï' } }], usage: null })}: comment\n\n`
  const usageOnly = event({ choices: [], usage: { prompt_tokens: 1 } })
  const bytes = Buffer.from(`${kept}${usageOnly}data: [DONE]\n\n`)
  for (let at = 0; at <= bytes.length; at++) {
    const hider = createUsageHider()
    const shown = [hider.push(bytes.subarray(0, at)), hider.push(bytes.subarray(at)), hider.end()]
    assert.equal(Buffer.concat(shown).toString(), `${kept}data: [DONE]\n\n`, `split at ${at}`)
  }
})
