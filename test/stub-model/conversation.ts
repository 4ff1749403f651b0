// Reads a model request the way the stub needs it: what did the user last say, how often did they
// speak, how many tool results followed. Understands chat completions, Anthropic messages, OpenAI's
// Responses and Gemini's contents, the last two as messages of the first.

export interface ChatMessage {
  readonly role: string
  readonly content?: unknown
}

export interface Conversation {
  /** The newest text of the user, without the blocks that an agent appends to it. */
  readonly prompt: string
  readonly userTurns: number
  /** Since the newest user text. */
  readonly toolResults: number
}

/** The conversation of a request as messages of chat completions, whatever the wire. */
export function messagesOf(body: {
  messages?: ChatMessage[]
  input?: unknown
  contents?: unknown
}): readonly ChatMessage[] {
  if (Array.isArray(body.contents)) return body.contents.flatMap(fromGemini)
  if (typeof body.input === 'string') return [{ role: 'user', content: body.input }]
  if (Array.isArray(body.input)) return body.input.map(fromResponses)
  return body.messages ?? []
}

function fromGemini(content: {
  role?: string
  parts?: { text?: string; functionResponse?: unknown }[]
}): ChatMessage[] {
  const parts = content.parts ?? []
  const results = parts.filter((part) => part.functionResponse !== undefined)
  const text = parts.map((part) => part.text ?? '').join('')
  const role = content.role === 'model' ? 'assistant' : 'user'
  return [...results.map(() => ({ role: 'tool' })), ...(text === '' ? [] : [{ role, content: text }])]
}

function fromResponses(item: { type?: string; role?: string; content?: unknown }): ChatMessage {
  if (item.type === 'function_call_output') return { role: 'tool' }
  const { content: given } = item
  const parts = Array.isArray(given) ? (given as { text?: string }[]) : []
  const content = typeof given === 'string' ? given : parts.map((part) => part.text ?? '').join('')
  return { role: item.role ?? 'assistant', content }
}

export function readConversation(messages: readonly ChatMessage[]): Conversation {
  let prompt = ''
  let userTurns = 0
  let toolResults = 0
  for (const message of messages) {
    const text = userText(message)
    if (text !== null) {
      prompt = text
      userTurns += 1
      toolResults = 0
    } else toolResults += countToolResults(message)
  }
  return { prompt, userTurns, toolResults }
}

/** What the person typed in this message, or null when it holds only results or an agent's context. */
export function userText(message: ChatMessage): string | null {
  if (message.role !== 'user') return null
  const text = stripContext(textOf(message.content))
  return text.trim() === '' ? null : text
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part: { type?: string; text?: string }) => (part.type === 'text' ? (part.text ?? '') : ''))
    .join('')
}

/** Goose appends a block with the time and the folder to what the user said. */
function stripContext(text: string): string {
  return text.replace(/\s*<turn-context>[\s\S]*?<\/turn-context>\s*$/, '')
}

function countToolResults(message: ChatMessage): number {
  if (message.role === 'tool') return 1
  if (message.role !== 'user' || !Array.isArray(message.content)) return 0
  return message.content.filter((part: { type?: string }) => part.type === 'tool_result').length
}
