// Verbs about runs.

import { Option } from 'commander'
import type { Leaf } from '../leaf.ts'
import { age, whole } from './numbers.ts'
import { statuses } from './statuses.ts'

const ids = 'The id may be shortened to its first 6 letters.'
const follow = () => new Option('-f, --follow', 'show what happens until it ends')
const wait = () =>
  new Option('--wait <seconds>', 'wait that long for it to end, then exit with 4').argParser(whole(1, 604_800))

export function addRunVerbs(verb: Leaf): void {
  verb(
    {
      usage: 'run <workflow>',
      summary: 'run a workflow, by its id or name',
      details:
        'Returns as soon as the run is recorded, unless asked to follow or wait; then the exit code is that of the run. With --follow --json each event is one line of JSON.',
      example: 'maestro run "First light" --follow',
      options: [follow(), wait()],
    },
    async () => (await import('../commands/run.ts')).run,
  )
  verb(
    {
      usage: 'rerun <run>',
      summary: 'run again what an ended run was given',
      details: `${ids} With --from-step the answers of the prompts before it are taken over, not asked for again.`,
      example: 'maestro rerun run_7h2k9w --from-step 3 --follow',
      options: [
        new Option('--from-step <number>', 'begin at this prompt, counted from 1').argParser(whole(1, 200)),
        follow(),
        wait(),
      ],
    },
    async () => (await import('../commands/run.ts')).rerun,
  )
  verb(
    {
      usage: 'runs',
      summary: 'list runs, newest first',
      example: 'maestro runs --status failed --since 7d --limit 5',
      options: [
        new Option('--workflow <id-or-name>', 'only of this workflow'),
        new Option('--status <status...>', 'only with this status').choices(statuses),
        new Option('--since <time>', 'only of the last 90m, 12h or 7d').argParser(age),
        new Option('--limit <number>', 'at most so many').argParser(whole(1, 500)).default(20),
      ],
    },
    async () => (await import('../commands/runs.ts')).runs,
  )
  verb(
    {
      usage: 'show <run>',
      summary: 'show a run: its steps, answers, tokens and cost',
      details: ids,
      example: 'maestro show run_7h2k9w',
    },
    async () => (await import('../commands/runs.ts')).show,
  )
  verb(
    {
      usage: 'logs <run>',
      summary: 'show what happened in a run',
      details: `${ids} With --json each event is one line of JSON.`,
      example: 'maestro logs -f run_7h2k9w',
      options: [
        new Option('-f, --follow', 'go on until the run ends; the exit code is that of the run'),
        new Option('--raw', "only what the agent's process wrote, as it wrote it"),
      ],
    },
    async () => (await import('../commands/logs.ts')).logs,
  )
  verb(
    {
      usage: 'cancel <run>',
      summary: 'stop a run',
      details: `${ids} Its agent gets a signal, then is ended. Exit code 5 when it had ended already.`,
      example: 'maestro cancel run_7h2k9w',
    },
    async () => (await import('../commands/runs.ts')).cancel,
  )
  verb(
    { usage: 'resume <run>', summary: 'let a waiting run go on', details: ids, example: 'maestro resume run_7h2k9w' },
    async () => (await import('../commands/runs.ts')).resume,
  )
}
