// What is answered about a command at any time: its result with an excerpt of its output, what it was asked to do, and
// slices of everything it has printed. Each as the caller may see it.

import { type Actor, type Clock, MaestroError } from '#src/core/index.ts'
import { isFinal, type Task, type Tasks, type TaskView } from '#src/tasks/index.ts'
import type { CommandRecord, CommandResult, OutputSlice } from '../contract.ts'
import { decode, excerptBoth, trimEnd } from './excerpt.ts'
import type { OutputStore, Stream } from './output-store.ts'
import { CommandSpec, StoredResult } from './spec.ts'

export interface SliceRequest {
  readonly stream: Stream
  /** Bytes; negative: from the end of what there is. */
  readonly offset: number
  readonly limit: number
  readonly encoding: 'text' | 'base64'
}

export interface Answers {
  /**
   * @param actor undefined for the one who just started it
   * @param printed of a command in work here: what it printed so far
   * @throws `not_found`
   */
  result(actor: Actor | undefined, taskId: string, printed?: Readonly<Record<Stream, number>>): Promise<CommandResult>
  /** Which tool started it. @throws `not_found` */
  toolOf(actor: Actor, taskId: string): Promise<string>
  /** @throws `not_found` */
  record(actor: Actor, taskId: string): Promise<CommandRecord>
  /** @throws `not_found`, `invalid_input` for an offset past the end */
  output(actor: Actor, taskId: string, slice: SliceRequest): Promise<OutputSlice>
}

export interface AnswersDeps {
  readonly tasks: Pick<Tasks, 'details'>
  readonly view: TaskView
  readonly outputs: OutputStore
  readonly clock: Clock
}

export const outputUri = (taskId: string): string => `maestro://tasks/${taskId}/output`

export function createAnswers({ tasks, view, outputs, clock }: AnswersDeps): Answers {
  /** @param actor undefined for the one who just started it */
  async function read(actor: Actor | undefined, taskId: string) {
    if (actor !== undefined) await view.get(actor, taskId)
    const { task, spec, result } = await tasks.details(taskId)
    if (task.kind !== 'command') {
      throw new MaestroError('invalid_input', `${taskId} is a ${task.kind}; only commands keep their output this way`, {
        hint: task.kind === 'run' ? 'see run_get and its events' : 'see the events of its run',
      })
    }
    return { task, spec: CommandSpec.parse(spec), stored: result === null ? null : StoredResult.parse(result) }
  }

  async function keptNow(task: Task): Promise<Readonly<Record<Stream, number>>> {
    const [stdout, stderr] = await Promise.all([outputs.size(task.id, 'stdout'), outputs.size(task.id, 'stderr')])
    return { stdout, stderr }
  }

  return {
    async result(actor, taskId, printed) {
      const { task, spec, stored } = await read(actor, taskId)
      const kept = stored?.kept ?? (await keptNow(task))
      const where = outputUri(taskId)
      const source = (stream: Stream) => ({
        bytes: kept[stream],
        read: (offset: number, length: number) => outputs.read(taskId, stream, offset, length),
      })
      const { stdout, stderr } = await excerptBoth(source('stdout'), source('stderr'), spec.maxOutputBytes, where)
      const bytes = stored?.printed ?? printed ?? kept
      const isRunning = !isFinal(task.status)
      const isMissing = !isRunning && bytes.stdout + bytes.stderr > 0 && (await isGone(outputs, taskId, kept))
      const truncated = stdout.isCut || stderr.isCut || isMissing
      return {
        status: task.status,
        task_id: task.id,
        host: spec.host,
        exit_code: stored?.exitCode ?? null,
        signal: stored?.signal ?? null,
        stdout: isMissing ? '[its output is no longer kept]' : stdout.text,
        stderr: stderr.text,
        truncated,
        bytes,
        duration_ms: round(stored?.durationMs ?? Math.max(0, clock.now() - (task.startedAt ?? task.createdAt))),
        // A command under way has reached the world, whatever its row says until it ends.
        executed: isRunning ? 'yes' : task.executed,
        error: task.error,
        ...(truncated || isRunning ? { output_uri: where } : {}),
      }
    },

    toolOf: async (actor, taskId) => (await read(actor, taskId)).spec.tool,

    async record(actor, taskId) {
      const { task, spec, stored } = await read(actor, taskId)
      const kept = stored?.kept ?? (await keptNow(task))
      return {
        task_id: task.id,
        tool: spec.tool,
        host: spec.host,
        command: spec.command,
        interpreter: spec.interpreter,
        cwd: spec.cwd,
        timeout_s: spec.timeoutS,
        exit_code: stored?.exitCode ?? null,
        signal: stored?.signal ?? null,
        bytes: stored?.printed ?? kept,
        kept_bytes: kept,
      }
    },

    async output(actor, taskId, { stream, offset: asked, limit, encoding }) {
      // The end is asked first: if it had come, what is read after it is all there is.
      const { task } = await read(actor, taskId)
      const ended = isFinal(task.status)
      const total = await outputs.size(taskId, stream)
      const offset = asked < 0 ? Math.max(0, total + asked) : asked
      if (offset > total) {
        throw new MaestroError('invalid_input', `offset ${offset} is past the ${total} bytes of ${stream} there are`, {
          hint: 'go on with next_offset of the slice before',
          issues: [{ path: 'offset', message: `at most ${total}` }],
        })
      }
      const bytes = await outputs.read(taskId, stream, offset, Math.min(limit, total - offset))
      const isLast = offset + bytes.length >= total
      // Half a character at the end waits for its rest, unless none can come.
      const whole = encoding === 'base64' || (ended && isLast) ? bytes : trimEnd(bytes)
      const given = whole.length === 0 && bytes.length > 0 && !isLast ? bytes : whole
      return {
        task_id: taskId,
        stream,
        offset,
        next_offset: offset + given.length,
        total_bytes: total,
        encoding,
        text: encoding === 'base64' ? given.toString('base64') : decode(given),
        eof: ended && offset + given.length >= total,
      }
    },
  }
}

/** Removed by age or for room. */
async function isGone(outputs: OutputStore, taskId: string, kept: Readonly<Record<Stream, number>>): Promise<boolean> {
  if (kept.stdout > 0) return (await outputs.size(taskId, 'stdout')) === 0
  return kept.stderr > 0 && (await outputs.size(taskId, 'stderr')) === 0
}

const round = (ms: number): number => Math.round(ms * 100) / 100
