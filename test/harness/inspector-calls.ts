// Many runs of the Inspector's command line in one process, since most of a run's time is its own start: reads a JSON
// list of argument lists on stdin, writes one JSON line a run. Run as a program; `argv[2]` is the Inspector's entry.

import { text } from 'node:stream/consumers'

interface InspectorCli {
  runCli(argv: readonly string[]): Promise<void>
}

export interface InspectorRun {
  /** As the process would have ended. */
  readonly code: number
  readonly out: string
  readonly err: string
}

if (import.meta.main) {
  const { runCli } = (await import(process.argv[2] ?? '')) as InspectorCli
  const write = process.stdout.write.bind(process.stdout)
  for (const args of JSON.parse(await text(process.stdin)) as readonly (readonly string[])[]) {
    let out = ''
    process.stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      out += String(chunk)
      const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined
      done?.()
      return true
    }
    let result: InspectorRun
    try {
      await runCli(['node', 'mcp-inspector', ...args])
      result = { code: 0, out, err: '' }
    } catch (error) {
      const { exitCode, message } = error as { exitCode?: number; message: string }
      result = { code: exitCode ?? 1, out, err: message }
    }
    process.stdout.write = write
    write(`${JSON.stringify(result)}\n`)
  }
}
