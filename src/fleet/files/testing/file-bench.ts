// File tools on a temporary folder, called as `calls` does: schema, subject, run, the tool's own schema on the answer.

import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type AnyTool, createRedactor, type Ctx, parseOrThrow, type ProgressNote, silentLog } from '#src/core/index.ts'
import type { z } from 'zod'
import { createHosts, type Host } from '../../host.ts'
import { createLocalHost } from '../../local-host.ts'
import { createLocalDriver } from '../../local-driver.ts'
import { systemClock } from '#src/core/index.ts'
import { createMasks, createPathLocks, fileTools } from '../index.ts'

export interface FileBench {
  /** Real path of the folder that is the root, when roots are set, and the caller's folder. */
  readonly dir: string
  /** Beside it. */
  readonly outside: string
  readonly home: string
  readonly host: Host
  readonly notes: ProgressNote[]
  call<T = Record<string, unknown>>(tool: string, input: unknown, ctx?: Partial<Ctx>): Promise<T>
  /** As `calls` gives it to policy. */
  subject(tool: string, input: unknown): Promise<readonly string[]>
}

export interface FileBenchOptions {
  /** File tools may use `dir` only. */
  readonly isRooted?: boolean
  readonly secrets?: readonly string[]
  /** A folder of `dir` that is closed. */
  readonly closed?: string
}

export async function openFileBench(t: TestContext, options: FileBenchOptions = {}): Promise<FileBench> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'maestro-files-')))
  t.after(() => rm(base, { recursive: true, force: true }))
  const [dir, outside, home] = ['root', 'outside', 'home'].map((name) => join(base, name)) as [string, string, string]
  for (const folder of [dir, outside, home]) await mkdir(folder)
  const host = createLocalHost({
    driver: createLocalDriver({ runsDir: join(base, 'runs'), nodeId: 'test', log: silentLog, clock: systemClock }),
    runsDir: join(base, 'runs'),
    env: { HOME: home, PATH: process.env['PATH'] },
    ...(options.isRooted === true ? { roots: { read: [dir], write: [dir] } } : {}),
    closed: options.closed === undefined ? [] : [join(dir, options.closed)],
  })
  const tools = fileTools({
    hosts: createHosts([host]),
    masks: createMasks(createRedactor(() => options.secrets ?? [])),
    locks: createPathLocks(),
  })
  const notes: ProgressNote[] = []
  const ctxOf = (extra: Partial<Ctx>): Ctx => ({
    actor: { kind: 'owner', via: 'socket' },
    signal: new AbortController().signal,
    traceId: 'test',
    log: silentLog,
    cwd: dir,
    progress: (note) => notes.push(note),
    ...extra,
  })
  const find = (name: string): AnyTool => {
    const tool = tools.find((one) => one.name === name)
    if (tool === undefined) throw new Error(`no tool ${name}`)
    return tool
  }
  const parse = (tool: AnyTool, input: unknown) =>
    parseOrThrow((tool.input as z.ZodObject).strict(), input, `the input of ${tool.name}`)
  return {
    dir,
    outside,
    home,
    host,
    notes,
    async call<T>(name: string, raw: unknown, extra: Partial<Ctx> = {}) {
      const tool = find(name)
      const input = parse(tool, raw)
      const ctx = ctxOf(extra)
      const subject = extra.subject ?? (await tool.subject(input, ctx))
      return (tool.output as z.ZodType).parse(await tool.run({ ...ctx, subject }, input)) as T
    },
    async subject(name, raw) {
      const tool = find(name)
      return tool.subject(parse(tool, raw), ctxOf({}))
    },
  }
}
