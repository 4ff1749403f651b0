// The output of a command as lines, for the older tools that counted in lines. In bounded memory.

import type { Actor } from '#src/core/index.ts'
import type { Answers } from '../commands/answers.ts'

export interface LineWindow {
  readonly totalLines: number
  /** Index of the first line that is given; the first of all is 0. */
  readonly start: number
  readonly lines: readonly string[]
}

const sliceBytes = 1024 * 1024

/** @param want lines from `start` on, or the last ones when it is negative. @throws `not_found` */
export async function outputLines(
  outputs: Pick<Answers, 'output'>,
  actor: Actor,
  taskId: string,
  stream: 'stdout' | 'stderr',
  want: { start: number; count: number },
): Promise<LineWindow> {
  let total = 0
  let rest = ''
  let kept: string[] = []
  const add = (line: string) => {
    if (want.start < 0) {
      kept.push(line)
      if (kept.length > want.count * 2) kept = kept.slice(-want.count)
    } else if (total >= want.start && kept.length < want.count) kept.push(line)
    total++
  }
  for (let offset = 0; ;) {
    const slice = await outputs.output(actor, taskId, { stream, offset, limit: sliceBytes, encoding: 'text' })
    const lines = (rest + slice.text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) add(line)
    if (slice.next_offset >= slice.total_bytes || slice.next_offset === offset) break
    offset = slice.next_offset
  }
  if (rest !== '') add(rest)
  const lines = want.start < 0 ? kept.slice(-want.count) : kept
  return { totalLines: total, start: want.start < 0 ? total - lines.length : want.start, lines }
}
