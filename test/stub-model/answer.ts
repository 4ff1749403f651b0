// What the stub answers: decided from the conversation alone, then written as a stream in the
// dialect of the path it was asked on.

import { readConversation, type ChatMessage } from './conversation.ts'
import { readScript, type Script, type ToolCall } from './directives.ts'

export type Answer =
  | { readonly kind: 'tool'; readonly call: ToolCall }
  | { readonly kind: 'text'; readonly pieces: readonly string[]; readonly everyMs: number }

export interface Decision {
  readonly script: Script
  readonly answer: Answer
  readonly promptChars: number
}

export function decide(model: string, messages: readonly ChatMessage[]): Decision {
  const { prompt, userTurns, toolResults } = readConversation(messages)
  const script = readScript(prompt, model)
  const promptChars = prompt.length
  const call = script.loopTool ?? script.tools[toolResults]
  if (call !== undefined) return { script, answer: { kind: 'tool', call }, promptChars }
  return { script, answer: { kind: 'text', ...text(script, model, userTurns, prompt) }, promptChars }
}

function text(script: Script, model: string, turns: number, prompt: string): { pieces: string[]; everyMs: number } {
  if (script.empty) return { pieces: [], everyMs: 0 }
  if (script.pieces !== null) return { pieces: [...script.pieces], everyMs: 60 }
  if (script.stream !== null) {
    const pieces = Array.from({ length: script.stream.words }, (_, i) => `word${i + 1} `)
    return { pieces, everyMs: script.stream.everyMs }
  }
  // By characters: half of an emoji is not JSON that every client takes.
  const characters = [...(script.say ?? `model=${model} turns=${turns}: ${[...prompt].slice(0, 80).join('')}`)]
  const half = Math.ceil(characters.length / 2)
  const pieces = [characters.slice(0, half).join(''), characters.slice(half).join('')]
  return { pieces: pieces.filter((piece) => piece !== ''), everyMs: 0 }
}

/** Chat completions: OpenAI, OpenRouter and most others. */
export function* chatCompletion(model: string, { answer, promptChars, script }: Decision): Generator<string, void> {
  const chunk = (delta: object, finish: string | null = null): string =>
    data({
      id: 'chatcmpl-stub',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    })
  yield chunk({ role: 'assistant', content: '' })
  if (answer.kind === 'tool') {
    const call = { name: answer.call.name, arguments: JSON.stringify(answer.call.args) }
    yield chunk({ tool_calls: [{ index: 0, id: newCallId(), type: 'function', function: call }] })
    yield chunk({}, 'tool_calls')
  } else {
    for (const piece of answer.pieces) yield chunk({ content: piece })
    yield chunk({}, 'stop')
  }
  const completion = answer.kind === 'text' ? answer.pieces.length : 1
  const prompt = Math.max(1, Math.ceil(promptChars / 4))
  const usage = {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cost: script.costUsd ?? callCostUsd,
  }
  yield data({
    id: 'chatcmpl-stub',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model,
    choices: [],
    usage,
  })
  yield 'data: [DONE]\n\n'
}

/** Anthropic messages. */
export function* anthropicMessage(model: string, { answer, promptChars }: Decision): Generator<string, void> {
  const event = (body: { type: string }): string => `event: ${body.type}\n${data(body)}`
  const input = Math.max(1, Math.ceil(promptChars / 4))
  const usage = { input_tokens: input, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
  const message = { id: 'msg_stub', type: 'message', role: 'assistant', model, content: [], stop_reason: null, usage }
  yield event({ type: 'message_start', message } as { type: string })
  const isTool = answer.kind === 'tool'
  const block = isTool
    ? { type: 'tool_use', id: newCallId(), name: answer.call.name, input: {} }
    : { type: 'text', text: '' }
  yield event({ type: 'content_block_start', index: 0, content_block: block } as { type: string })
  const deltas = isTool
    ? [{ type: 'input_json_delta', partial_json: JSON.stringify(answer.call.args) }]
    : answer.pieces.map((text) => ({ type: 'text_delta', text }))
  for (const delta of deltas) yield event({ type: 'content_block_delta', index: 0, delta } as { type: string })
  yield event({ type: 'content_block_stop', index: 0 } as { type: string })
  const stop = { stop_reason: isTool ? 'tool_use' : 'end_turn', stop_sequence: null }
  yield event({ type: 'message_delta', delta: stop, usage: { output_tokens: deltas.length } } as { type: string })
  yield event({ type: 'message_stop' })
}

/** OpenAI's Responses. Each event needs its type and number: Goose reads no other. */
export function* openAiResponse(model: string, { answer, promptChars }: Decision): Generator<string, void> {
  let sequence = 0
  const event = (type: string, body: object): string =>
    `event: ${type}\n${data({ type, sequence_number: sequence++, ...body })}`
  const head = { id: 'resp_stub', object: 'response', created_at: 1_700_000_000, model }
  yield event('response.created', { response: { ...head, status: 'in_progress', output: [], usage: null } })
  const place = { output_index: 0, item_id: 'item_stub' }
  let item: object
  if (answer.kind === 'tool') {
    const call = { name: answer.call.name, arguments: JSON.stringify(answer.call.args) }
    item = { type: 'function_call', id: 'item_stub', call_id: newCallId(), ...call, status: 'completed' }
    yield event('response.output_item.added', { output_index: 0, item })
  } else {
    const text = answer.pieces.join('')
    const message = { type: 'message', id: 'item_stub', role: 'assistant' }
    yield event('response.output_item.added', {
      output_index: 0,
      item: { ...message, status: 'in_progress', content: [] },
    })
    const part = { type: 'output_text', annotations: [] }
    yield event('response.content_part.added', { ...place, content_index: 0, part: { ...part, text: '' } })
    for (const delta of answer.pieces) {
      yield event('response.output_text.delta', { ...place, content_index: 0, delta })
    }
    yield event('response.output_text.done', { ...place, content_index: 0, text })
    yield event('response.content_part.done', { ...place, content_index: 0, part: { ...part, text } })
    item = { ...message, status: 'completed', content: [{ ...part, text }] }
  }
  yield event('response.output_item.done', { output_index: 0, item })
  const [input, output] = [tokensOf(promptChars), answer.kind === 'text' ? answer.pieces.length : 1]
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  }
  yield event('response.completed', { response: { ...head, status: 'completed', output: [item], usage } })
}

/** Gemini's streamGenerateContent. */
export function* geminiContent(model: string, { answer, promptChars }: Decision): Generator<string, void> {
  const [prompt, output] = [tokensOf(promptChars), answer.kind === 'text' ? answer.pieces.length : 1]
  const parts =
    answer.kind === 'tool'
      ? [{ functionCall: { name: answer.call.name, args: answer.call.args } }]
      : answer.pieces.map((text) => ({ text }))
  const usageMetadata = { promptTokenCount: prompt, candidatesTokenCount: output, totalTokenCount: prompt + output }
  for (const part of parts) {
    const candidate = { content: { role: 'model', parts: [part] }, index: 0 }
    yield data({ candidates: [candidate], usageMetadata, modelVersion: model, responseId: 'stub' })
  }
  const end = { content: { role: 'model', parts: [{ text: '' }] }, index: 0, finishReason: 'STOP' }
  yield data({ candidates: [end], usageMetadata, modelVersion: model, responseId: 'stub' })
}

const tokensOf = (chars: number): number => Math.max(1, Math.ceil(chars / 4))

/** What every call costs, in the usage of chat completions: sums are easy to check. */
const callCostUsd = 0.001

let calls = 0
function newCallId(): string {
  calls += 1
  return `call_${calls}`
}

function data(body: object): string {
  return `data: ${JSON.stringify(body)}\n\n`
}
