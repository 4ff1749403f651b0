// A run's event log as text, the same live and afterwards: step headers, what the agent says, one line for each
// tool call, what went wrong. Pure but for remembering where on the line it stands. Leaves out the outcome.

import type { TaskEvent } from '#src/tasks/contract.ts'
import { StepStatus } from '#src/workflows/contract.ts'
import { duration, paintStatus, statusMark, statusWord, usageParts } from './format.ts'
import { clip, safe, type Style } from './style.ts'

export interface EventRendererOptions {
  readonly style: Style
  readonly columns: number
  /** The run: its own starts and ends are shown by whoever shows the outcome, its children's are not. */
  readonly rootId: string
  readonly stepCount?: number
}

/** Returns the text to print for an event; empty for most bookkeeping. */
export function createEventRenderer(options: EventRendererOptions): (event: TaskEvent) => string {
  const { style, rootId } = options
  const width = Math.max(40, options.columns)
  const stepStartedAt = new Map<number, number>()
  const toolNames = new Map<string, string>()
  let messageId = ''
  let thinkingId = ''
  let lineIsOpen = false

  /** A line of ours: begins on a fresh line, below any text of the agent. */
  const line = (text: string) => {
    const before = lineIsOpen ? '\n' : ''
    lineIsOpen = false
    return `${before}${text}\n`
  }
  const note = (text: string) => line(style.dim(`  ${clip(text, width - 2)}`))
  const warning = (text: string) => line(style.yellow(`  ! ${safe(text)}`))

  return ({ at, taskId, body }) => {
    switch (body.type) {
      case 'step.started': {
        stepStartedAt.set(body.index, at)
        const total = options.stepCount === undefined ? '' : `/${options.stepCount}`
        const by = [body.agent, body.model].filter((part) => part !== null).join(' · ')
        return line(
          `\n${style.bold(`── Step ${body.index + 1}${total}  ${clip(body.title, width - 20)}`)}  ${style.dim(safe(by))}`,
        )
      }
      case 'step.ended': {
        const status = knownStatus(body.status)
        const startedAt = stepStartedAt.get(body.index)
        const facts = [...(startedAt === undefined ? [] : [duration(at - startedAt)]), ...usageParts(body.usage)].join(
          ' · ',
        )
        const head = `${status === undefined ? '·' : statusMark(status)} Step ${body.index + 1} ${safe(body.status).replaceAll('_', ' ')}`
        return line(
          `${status === undefined ? head : paintStatus(style, status, head)}${facts === '' ? '' : `  ${style.dim(facts)}`}`,
        )
      }
      case 'attempt.started':
        return body.attempt === 1 ? '' : warning(`attempt ${body.attempt}: ${body.reason}`)
      case 'attempt.ended': {
        if (body.error === null) return ''
        const hint = body.error.hint === undefined ? '' : line(`    ${style.cyan('hint:')} ${safe(body.error.hint)}`)
        return (
          line(style.red(`  ✗ attempt ${body.attempt} ${statusWord(body.status)}: ${safe(body.error.message)}`)) + hint
        )
      }
      case 'text.delta': {
        const text = safe(body.text)
        if (text === '') return ''
        const isNew = messageId !== '' && messageId !== body.messageId && lineIsOpen
        messageId = body.messageId
        lineIsOpen = !text.endsWith('\n')
        return isNew ? `\n\n${text}` : text
      }
      case 'thinking.delta': {
        if (thinkingId === body.messageId) return ''
        thinkingId = body.messageId
        return note('… thinking')
      }
      case 'tool.called': {
        const name = body.server === null ? body.tool : `${body.server}.${body.tool}`
        toolNames.set(body.callId, name)
        return line(
          `  ${style.cyan('→')} ${clip(name, 60)} ${style.dim(clip(inputText(body.input), width - 6 - Math.min(60, name.length)))}`,
        )
      }
      case 'tool.returned': {
        const name = toolNames.get(body.callId) ?? 'a tool'
        toolNames.delete(body.callId)
        return body.ok ? '' : line(style.red(`  ✗ ${clip(`${name} failed: ${body.output}`, width - 4)}`))
      }
      case 'mcp.status':
        return body.ok
          ? note(`${body.server} is connected`)
          : warning(`MCP server ${body.server} is not available${body.reason === null ? '' : `: ${body.reason}`}`)
      case 'agent.retried': {
        const why = body.httpStatus === null ? '' : `, HTTP ${body.httpStatus}`
        const when = body.delayMs === null ? '' : `, in ${duration(body.delayMs)}`
        return warning(`the model call is tried again (attempt ${body.attempt}${why}${when})`)
      }
      case 'agent.warned':
        return warning(body.text)
      case 'task.queued':
        return taskId === rootId ? note(`queued: ${body.title}`) : ''
      case 'task.waiting': {
        if (taskId !== rootId) return ''
        const hint = body.hint ?? `maestro resume ${rootId}`
        return line(style.yellow(`‖ waiting: ${safe(body.reason)}`)) + line(`  ${style.cyan('hint:')} ${safe(hint)}`)
      }
      case 'task.stop_requested':
        return line(style.yellow(`■ stop requested: ${safe(body.reason)}`))
      case 'run.triggered':
        return note(`started ${body.workflowId} as ${body.runId}`)
      case 'run.trigger_failed':
        return (
          warning(`could not start ${body.workflowId}: ${body.reason}`) +
          line(`    ${style.cyan('hint:')} ${safe(body.hint)}`)
        )
      case 'task.late_evidence':
        return note(`afterwards: ${body.detail}`)
      case 'task.ended':
        return taskId === rootId && lineIsOpen ? line('') : ''
      case 'task.started':
      case 'session.started':
      case 'usage.updated':
      case 'output.grown':
      case 'log.line':
        return ''
    }
  }
}

/** The event's status is free text: one that is not known is shown as it is. */
function knownStatus(text: string): StepStatus | undefined {
  return StepStatus.safeParse(text).data
}

/** The one argument that says most, when there is only one; else the JSON. */
function inputText(input: unknown): string {
  if (typeof input === 'string') return input
  if (typeof input !== 'object' || input === null)
    return input === undefined || input === null ? '' : JSON.stringify(input)
  const values = Object.values(input)
  if (values.length === 0) return ''
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(input)
}

/** For `--raw`: what the agent's process wrote, nothing else. */
export function rawText(event: TaskEvent, isTty: boolean): string {
  if (event.body.type !== 'log.line') return ''
  return `${isTty ? safe(event.body.text) : event.body.text}\n`
}
