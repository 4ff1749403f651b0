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
export function* chatCompletion(model: string, { answer, promptChars }: Decision): Generator<string, void> {
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
    cost: callCostUsd,
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
