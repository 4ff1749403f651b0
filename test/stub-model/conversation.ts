// Reads a model request the way the stub needs it: what did the user last say, how often did they
// speak, how many tool results followed. Understands chat completions and Anthropic messages.

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
