// What the audit log adds to a change: the same trivial tool as a read (no rows) and as a write (two rows),
// alone and eight at once, on the embedded database; and what a hundred rules add to an agent's calls. Times in
// milliseconds.

import { z } from 'zod'
import { callsMigrations } from '#src/calls/index.ts'
import { testCalls } from '#src/calls/testing/index.ts'
import { defineTool, silentLog } from '#src/core/index.ts'
import type { AnyTool, Ctx } from '#src/core/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'

const rounds = 400

const tool = (effect: 'read' | 'write') =>
  defineTool({
    name: `thing_${effect}`,
    title: effect,
    description: effect,
    effect,
    scope: `things:${effect}`,
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string() }),
    subject: ({ id }) => [`thing:${id}`],
    run: (_ctx, { id }) => Promise.resolve({ id }),
  })

export async function run(): Promise<Record<string, number>> {
  const store = await openTestStore([callsMigrations])
  try {
    const tools: AnyTool[] = [tool('read'), tool('write')]
    const { calls, control } = testCalls(store, tools)
    const ctx: Ctx = {
      actor: { kind: 'owner', via: 'socket' },
      signal: new AbortController().signal,
      traceId: 'req_1',
      log: silentLog,
    }
    const agent: Ctx = { ...ctx, actor: { kind: 'client', name: 'claude' } }
    const time = async (name: string, count: number, as = ctx): Promise<number[]> => {
      const times: number[] = []
      for (let i = 0; i < count; i++) {
        const started = performance.now()
        await calls.call(as, name, { id: String(i) })
        times.push(performance.now() - started)
      }
      return times.sort((a, b) => a - b)
    }
    await time('thing_write', 100)
    const read = await time('thing_read', rounds)
    const write = await time('thing_write', rounds)
    const started = performance.now()
    await Promise.all(Array.from({ length: 8 }, () => time('thing_write', rounds / 8)))
    const parallelMs = performance.now() - started
    const verifyStarted = performance.now()
    const { ok, rows } = await calls.verifyAudit()
    const verifyMs = performance.now() - verifyStarted
    for (let i = 0; i < 100; i++) {
      await control.addRule(ctx.actor, { effect: 'deny', client: 'c*', tool: `tool_${i}_**`, path: `/srv/${i}/**` })
    }
    const ruledRead = await time('thing_read', rounds, agent)
    const ruledWrite = await time('thing_write', rounds, agent)
    const at = (times: readonly number[], share: number) =>
      Math.round((times[Math.floor(times.length * share)] ?? NaN) * 100) / 100
    return {
      readP50Ms: at(read, 0.5),
      writeP50Ms: at(write, 0.5),
      writeP99Ms: at(write, 0.99),
      parallelWritesPerSecond: Math.round((rounds / parallelMs) * 1_000),
      ruledReadP50Ms: at(ruledRead, 0.5),
      ruledWriteP50Ms: at(ruledWrite, 0.5),
      verifiedRows: ok ? rows : -1,
      verifyMs: Math.round(verifyMs),
    }
  } finally {
    await store[Symbol.asyncDispose]()
  }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify({ bench: 'audit', ...(await run()) })}\n`)
