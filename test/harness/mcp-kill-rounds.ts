// Mixed calls through the real `maestro mcp` while the owner is killed with -9 at random: each must have exactly one
// answer, and what the answer says about having been carried out must be what the disk says.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '#src/core/testing/random.ts'
import { initialize, makePlace, type Place, type RpcAnswer, startMcpPipe } from './mcp-pipe.ts'

export interface McpKillReport {
  calls: number
  kills: number
  succeeded: number
  /** Answered as failed, by what they said of having been carried out. */
  executedNo: number
  executedMaybe: number
  /** Of those that said "maybe": carried out after all. */
  maybeAndDone: number
  /** Calls without an answer, with two, or with one that is not true. */
  problems: string[]
}

interface Call {
  readonly tool: string
  readonly input: object
  /** How often it was carried out; undefined for what changes nothing. */
  readonly times?: () => number
}

const atOnce = 6

export async function mcpKillRounds(options: { calls: number; seed: number }): Promise<McpKillReport> {
  await using place = await makePlace()
  mkdirSync(join(place.dir, 'marks'))
  writeFileSync(join(place.dir, 'read-me'), 'some text\n')
  const random = createRandom(options.seed)
  const report: McpKillReport = {
    calls: options.calls,
    kills: 0,
    succeeded: 0,
    executedNo: 0,
    executedMaybe: 0,
    maybeAndDone: 0,
    problems: [],
  }
  await using pipe = startMcpPipe(place, ['--as', 'harness'])
  await initialize(pipe)
  const killing = new AbortController()
  const answered = (): number => pipe.answers.size
  const killer = killAtRandom({ place, random, report, answered, signal: killing.signal })

  const made: { call: Call; answer: RpcAnswer }[] = []
  let left = options.calls
  const caller = async (): Promise<void> => {
    while (left > 0) {
      const call = anyCall(place, options.calls - left--, random)
      made.push({ call, answer: await pipe.request('tools/call', { name: call.tool, arguments: call.input }) })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  killing.abort()
  await killer
  // An owner that lives after the last call answers no further one: what comes late would be a second answer.
  await pipe.request('tools/list')
  await untilQuiet(made)

  for (const { call, answer } of made) judge(call, answer, report)
  for (const [id, all] of pipe.answers) {
    if (all.length !== 1) report.problems.push(`request ${id} had ${all.length} answers: ${JSON.stringify(all)}`)
  }
  const code = await pipe.close()
  if (code !== 0) report.problems.push(`maestro mcp ended with ${code}: ${pipe.err()}`)
  return report
}

interface Killing {
  readonly place: Place
  readonly random: () => number
  readonly report: McpKillReport
  readonly answered: () => number
  readonly signal: AbortSignal
}

/** By what was answered rather than by time, so that slow machines get as far; now and then as soon as one is up. */
async function killAtRandom({ place, random, report, answered, signal }: Killing): Promise<void> {
  let last = 0
  let killAt = 0
  let pid: number | undefined
  while (!signal.aborted) {
    const current = await place.ownerPid()
    if (current !== undefined && current !== last && current !== pid) {
      pid = current
      killAt = answered() + (random() < 0.15 ? 0 : 2 + Math.floor(random() * 20))
    }
    if (pid !== undefined && answered() >= killAt) {
      await delay(random() * 30)
      await place.killOwner()
      report.kills++
      last = pid
      pid = undefined
    }
    await delay(5)
  }
}

function anyCall(place: Place, number: number, random: () => number): Call {
  const mark = join(place.dir, 'marks', String(number))
  const appended = () => (existsSync(mark) ? readFileSync(mark, 'utf8').length : 0)
  const dice = random()
  if (dice < 0.35) {
    const waits = random() < 0.5 ? '' : `sleep 0.${Math.floor(random() * 3)}; `
    return { tool: 'maestro_exec', input: { command: `${waits}printf x >> '${mark}'` }, times: appended }
  }
  if (dice < 0.45) {
    return { tool: 'maestro_script', input: { script: `printf x >> "$1"\n`, args: [mark] }, times: appended }
  }
  if (dice < 0.6) {
    return { tool: 'maestro_write', input: { path: mark, content: 'x', append: true }, times: appended }
  }
  if (dice < 0.75) {
    writeFileSync(mark, '')
    writeFileSync(`${mark}.text`, 'state: old\n')
    return {
      tool: 'maestro_edit',
      input: { path: `${mark}.text`, edits: [{ old: 'state: ', new: 'state: x' }] },
      times: () => (readFileSync(`${mark}.text`, 'utf8').match(/x/g) ?? []).length,
    }
  }
  if (dice < 0.9) return { tool: 'maestro_read', input: { path: join(place.dir, 'read-me') } }
  return { tool: 'workflow_list', input: {} }
}

/** Commands of a killed owner have ended: nothing is carried out any more. */
async function untilQuiet(made: readonly { call: Call }[]): Promise<void> {
  const count = (): number => made.reduce((sum, { call }) => sum + (call.times?.() ?? 0), 0)
  let before = -1
  while (before !== count()) {
    before = count()
    await delay(1_000)
  }
}

function judge({ tool, input, times }: Call, answer: RpcAnswer, report: McpKillReport): void {
  const done = times?.()
  const say = (what: string): void =>
    void report.problems.push(`${tool} ${JSON.stringify(input)} ${what}: ${JSON.stringify(answer)}`)
  if (done !== undefined && done > 1) say(`was carried out ${done} times`)
  if (answer.result !== undefined && answer.result['isError'] !== true) {
    report.succeeded++
    if (done === 0) say('succeeded, but was not carried out')
    return
  }
  const content = answer.result?.['structuredContent'] as { error?: { executed?: unknown } } | undefined
  const executed = content?.error?.executed
  switch (executed) {
    case 'no':
      report.executedNo++
      if (done === 1) say('was carried out, and said it was not')
      return
    case 'maybe':
      report.executedMaybe++
      if (done === undefined) say('changes nothing, and said that it may have')
      else report.maybeAndDone += done
      return
    case 'yes':
      if (done === 0) say('was not carried out, and said it was')
      return
    default:
      say('failed without saying whether it was carried out')
  }
}
