// A run's events as the seven messages of Maistro's WebSocket. Pure. What is said is text: whoever shows it in a
// page must show it as text, never as HTML.

import type { TaskEvent } from '#src/tasks/contract.ts'

export type ExecutionMessage =
  | { readonly type: 'connection'; readonly message: string; readonly timestamp: string }
  | { readonly type: 'heartbeat_ack'; readonly timestamp: string }
  | { readonly type: 'start'; readonly promptIndex: number; readonly totalPrompts: number; readonly prompt: string }
  | { readonly type: 'output'; readonly content: string }
  | { readonly type: 'complete'; readonly promptIndex: number }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'end'; readonly message: string }

/** Tells one run: each event in order gives the messages that it makes. */
export type Narrator = (event: TaskEvent) => readonly ExecutionMessage[]

const maxLine = 200

export function createNarrator(run: { readonly rootId: string; readonly totalPrompts: number }): Narrator {
  let messageId: string | undefined
  /** Nothing said yet, or the last text ended its line. */
  let isAtLineStart = true

  const output = (text: string): ExecutionMessage[] => {
    const content = plain(text)
    if (content === '') return []
    isAtLineStart = content.endsWith('\n')
    return [{ type: 'output', content }]
  }
  /** On a line of its own, between what the agent says. */
  const line = (text: string): ExecutionMessage[] => {
    messageId = undefined
    return output(`${isAtLineStart ? '' : '\n'}${clip(text)}\n`)
  }

  return ({ taskId, body }) => {
    switch (body.type) {
      case 'step.started':
        messageId = undefined
        isAtLineStart = true
        return [{ type: 'start', promptIndex: body.index, totalPrompts: run.totalPrompts, prompt: plain(body.prompt) }]
      case 'text.delta': {
        const isNewMessage = messageId !== undefined && messageId !== body.messageId && !isAtLineStart
        messageId = body.messageId
        return output(`${isNewMessage ? '\n' : ''}${body.text}`)
      }
      case 'tool.called':
        return line(`[tool] ${body.server === null ? '' : `${body.server}: `}${body.tool} ${inputText(body.input)}`)
      case 'tool.returned':
        return body.ok ? [] : line(`[tool failed] ${body.output}`)
      case 'mcp.status':
        return body.ok ? [] : line(`[MCP server] ${body.server} does not work: ${body.reason ?? 'no reason was given'}`)
      case 'agent.warned':
        return line(`[warning] ${body.text}`)
      case 'attempt.started':
        return body.attempt === 1 ? [] : line(`[attempt ${body.attempt}] ${body.reason}`)
      case 'task.waiting':
        return line(`[waiting] ${body.reason}`)
      case 'run.trigger_failed':
        return line(`[trigger] ${body.workflowId} was not started: ${body.reason}`)
      case 'step.ended':
        return body.status === 'succeeded' ? [{ type: 'complete', promptIndex: body.index }] : []
      case 'task.ended': {
        if (taskId !== run.rootId || body.status === 'succeeded') return []
        const message = body.error?.message ?? `the run ended: ${body.status.replaceAll('_', ' ')}`
        const hint = body.error?.hint
        return [{ type: 'error', message: plain(hint === undefined ? message : `${message} (${hint})`) }]
      }
      case 'task.queued':
      case 'task.started':
      case 'task.stop_requested':
      case 'task.late_evidence':
      case 'attempt.ended':
      case 'run.triggered':
      case 'session.started':
      case 'thinking.delta':
      case 'usage.updated':
      case 'agent.retried':
      case 'output.grown':
      case 'log.line':
        return []
    }
  }
}

function inputText(input: unknown): string {
  return input === undefined || input === null ? '' : JSON.stringify(input)
}

function clip(text: string): string {
  const letters = [
    ...text
      .slice(0, maxLine * 4)
      .replace(/\s+/g, ' ')
      .trim(),
  ]
  return letters.length <= maxLine ? letters.join('') : `${letters.slice(0, maxLine - 1).join('')}…`
}

/** Maistro's page turned terminal codes into HTML; without control characters there are none to turn. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is removed
  return text.replace(/\r\n/g, '\n').replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '')
}
