// Commands under the names of Maestro MCP's earlier generations. Each translates its parameters and calls the tool of
// today; answers are those of today, their text as clients of that time knew it.

import { z } from 'zod'
import { type AnyTool, defineTool, MaestroError } from '#src/core/index.ts'
import { isFinal } from '#src/tasks/index.ts'
import { briefOf } from '../commands/brief.ts'
import type { Answers } from '../commands/answers.ts'
import { commandDefaults } from '../commands/prepare.ts'
import { CommandResult } from '../contract.ts'
import { HostName, olderName, optionalSeconds } from './inputs.ts'
import { outputLines } from './output-lines.ts'

export interface CompatDeps {
  readonly answers: Pick<Answers, 'output' | 'result'>
}

const maxText = 4 * 1024 * 1024
/** Characters of a finished output in the answer of `maestro_bg`. */
const maxBgChars = 4_000
/** Of `read_output`, whatever its lines hold. */
const maxContentChars = 256 * 1024

const where = { host: HostName, cwd: z.string().min(1).max(4_096).nullish(), sudo: z.boolean().default(false) }
const times = { timeout: optionalSeconds, block_timeout: z.number().nullish() }
const TaskId = z.string().min(1).max(100)
const compat = { profiles: ['compat'] as const }

export function compatCommandTools({ answers }: CompatDeps): AnyTool[] {
  return [
    olderName({
      name: 'exec',
      title: 'Run a command (older name)',
      description: 'Older name of maestro_exec. What takes long goes on as a task: poll with its task_id.',
      effect: 'destructive',
      scope: 'hosts:write',
      input: z.object({ ...where, ...times, command: z.string().min(1).max(maxText) }),
      output: CommandResult,
      examples: [{ title: 'Where and what', input: { host: 'local', command: 'uname -sr' } }],
      openWorld: true,
      brief: (result) => legacyText('exec', result),
      standsFor: (input) => ({ tool: 'maestro_exec', input }),
    }),
    olderName({
      name: 'script',
      title: 'Run a script (older name)',
      description: 'Older name of maestro_script: bash, ended at the first error (set -euo pipefail).',
      effect: 'destructive',
      scope: 'hosts:write',
      input: z.object({ ...where, ...times, script: z.string().min(1).max(maxText) }),
      output: CommandResult,
      examples: [{ title: 'Two lines', input: { host: 'local', script: 'cd /tmp\nls' } }],
      openWorld: true,
      brief: (result) => legacyText('script', result),
      standsFor: (input) => ({ tool: 'maestro_script', input }),
    }),
    olderName({
      name: 'maestro_bg',
      title: 'Run a command in the background',
      description:
        'Older form of maestro_exec with wait_s 0: answers at once with a task_id for poll and maestro_bg_log.',
      effect: 'destructive',
      scope: 'hosts:write',
      input: z.object({
        ...where,
        command: z.string().min(1).max(maxText),
        timeout: z
          .number()
          .positive()
          .max(7 * 24 * 3_600)
          .default(commandDefaults.timeoutS),
      }),
      output: CommandResult,
      openWorld: true,
      brief: (result) => JSON.stringify(backgroundJson(result)),
      standsFor: (input) => ({ tool: 'maestro_exec', input: { ...input, wait_s: 0 } }),
    }),
    defineTool({
      name: 'maestro_bg_log',
      title: 'Log of a background command',
      description: 'The last lines a command has printed so far, stdout and then stderr.',
      effect: 'read',
      scope: 'tasks:read',
      input: z.object({ task_id: TaskId, tail: z.int().min(1).max(10_000).default(50) }),
      output: z.object({
        status: z.string(),
        total_lines: z.int().nonnegative(),
        showing_last: z.int().nonnegative(),
        log: z.string(),
      }),
      mcp: compat,
      subject: ({ task_id }) => [`task:${task_id}`],
      async run(ctx, { task_id, tail }) {
        const want = { start: -1, count: tail }
        const out = await outputLines(answers, ctx.actor, task_id, 'stdout', want)
        const err = await outputLines(answers, ctx.actor, task_id, 'stderr', want)
        // Asked last: if it had ended by then, the lines are all there are, or a call later says so.
        const result = await answers.result(ctx.actor, task_id)
        const lines = [...out.lines, ...(err.lines.length === 0 ? [] : ['[stderr]', ...err.lines])]
        return {
          status: legacyStatus(result),
          total_lines: out.totalLines + err.totalLines,
          showing_last: out.lines.length + err.lines.length,
          log: lines.length === 0 ? '[no output yet]' : lines.join('\n').slice(-maxContentChars).toWellFormed(),
        }
      },
    }),
    defineTool({
      name: 'poll',
      title: 'Ask for a task (older name)',
      description:
        'State of a task while it runs, its result once it has ended. There is no cooldown; `task` with action wait waits.',
      effect: 'read',
      scope: 'tasks:read',
      input: z.object({ task_id: TaskId }),
      output: CommandResult,
      mcp: {
        ...compat,
        brief: (result) => (isFinal(result.status) ? briefOf(result) : JSON.stringify(runningJson('exec', result))),
      },
      subject: ({ task_id }) => [`task:${task_id}`],
      run: (ctx, { task_id }) => answers.result(ctx.actor, task_id),
    }),
    defineTool({
      name: 'read_output',
      title: 'Lines of an output',
      description:
        'Lines of what a command has printed. file_path is its output_uri (maestro://tasks/<id>/output) or its task_id.',
      effect: 'read',
      scope: 'tasks:read',
      input: z.object({
        file_path: z.string().min(1).max(500),
        start_line: z.int().nonnegative().default(0),
        max_lines: z.int().min(1).max(100_000).default(200),
      }),
      output: z.object({
        file: z.string(),
        total_lines: z.int().nonnegative(),
        start_line: z.int().nonnegative(),
        lines_returned: z.int().nonnegative(),
        has_more: z.boolean(),
        content: z.string(),
      }),
      mcp: compat,
      subject: ({ file_path }) => [`task:${taskOf(file_path)}`],
      async run(ctx, { file_path, start_line, max_lines }) {
        const id = taskOf(file_path)
        const found = await outputLines(answers, ctx.actor, id, 'stdout', { start: start_line, count: max_lines })
        const lines = withinChars(found.lines, maxContentChars)
        return {
          file: file_path,
          total_lines: found.totalLines,
          start_line,
          lines_returned: lines.length,
          has_more: start_line + lines.length < found.totalLines,
          content: lines.join('\n'),
        }
      },
    }),
  ]
}

/** The text of the seed's tools, which had no other answer. */
function legacyText(agent: string, result: CommandResult): string {
  return isFinal(result.status)
    ? briefOf(result)
    : JSON.stringify({ auto_promoted: true, ...runningJson(agent, result) })
}

const runningJson = (agent: string, result: CommandResult) => ({
  task_id: result.task_id,
  agent,
  host: result.host,
  status: 'running',
  elapsed_seconds: Math.round(result.duration_ms / 100) / 10,
  poll_with: `poll(task_id="${result.task_id}")`,
})

/** They knew running and done; what went wrong is in the words of today. */
const legacyStatus = ({ status }: CommandResult): string =>
  status === 'succeeded' ? 'done' : isFinal(status) ? status : 'running'

function backgroundJson(result: CommandResult): Record<string, unknown> {
  const id = result.task_id
  return {
    task_id: id,
    host: result.host,
    status: legacyStatus(result),
    poll_with: `poll(task_id="${id}")`,
    log_with: `maestro_bg_log(task_id="${id}")`,
    ...(isFinal(result.status) ? cutOutput(result) : {}),
  }
}

function cutOutput(result: CommandResult): { output: string; output_file?: string } {
  const text = briefOf(result)
  if (text.length <= maxBgChars && result.output_uri === undefined) return { output: text }
  return { output: text.slice(0, maxBgChars).toWellFormed(), output_file: `maestro://tasks/${result.task_id}/output` }
}

/** At least one line, cut if need be. */
function withinChars(lines: readonly string[], max: number): string[] {
  let room = max
  const kept: string[] = []
  for (const line of lines) {
    if (kept.length > 0 && line.length + 1 > room) break
    kept.push(line.slice(0, max).toWellFormed())
    room -= line.length + 1
  }
  return kept
}

function taskOf(filePath: string): string {
  const id = /^(?:maestro:\/\/tasks\/)?([a-z]+_[0-9a-z]{26})(?:\/output)?$/.exec(filePath)?.[1]
  if (id !== undefined) return id
  throw new MaestroError('invalid_input', `${JSON.stringify(filePath.slice(0, 200))} names no output of a task`, {
    hint: 'use output_uri or task_id of an earlier answer; files are read with maestro_read',
    issues: [{ path: 'file_path', message: 'must be maestro://tasks/<task_id>/output or a task_id' }],
    details: { executed: 'no' },
  })
}
