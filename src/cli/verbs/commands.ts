// Verbs about commands on hosts, and about the tasks they become.

import { Option } from 'commander'
import type { Group, Leaf } from '../leaf.ts'
import { whole } from './numbers.ts'
import { statuses } from './statuses.ts'

const ids = 'The id may be shortened to its first 6 letters.'
const week = 604_800

export function addCommandVerbs(verb: Leaf, group: Group): void {
  verb(
    {
      usage: 'exec [host]',
      summary: 'run a command on a host and show its output as it comes',
      details:
        'The command stands after --. One word is a line for the shell; of several each is taken as it is. The exit code is that of the command. Ctrl-C ends it.',
      example: "maestro exec -- 'du -sh * | sort -h'",
      takesRest: true,
      options: [
        new Option(
          '--cwd <folder>',
          "working folder on the host (default: this one, on this machine; else the host's home)",
        ),
        new Option('--timeout <seconds>', 'end it after so long').argParser(whole(1, week)).default(300),
        new Option('--stdin', 'give it what comes on stdin'),
        new Option('--sudo', 'as root, by sudo without a password'),
        new Option('--detach', 'print the id of its task and return at once'),
      ],
    },
    async () => (await import('../commands/exec.ts')).exec,
  )

  const tasks = group('tasks', 'look at commands that run or ran on hosts', 'maestro tasks output -f command_7h2k9w')
  const load = () => import('../commands/tasks.ts')
  tasks(
    {
      usage: 'list',
      summary: 'list them, newest first',
      example: 'maestro tasks --status running',
      isDefault: true,
      options: [
        new Option('--status <status...>', 'only with this status').choices(statuses),
        new Option('--limit <number>', 'at most so many').argParser(whole(1, 500)).default(20),
      ],
    },
    async () => (await load()).list,
  )
  tasks(
    {
      usage: 'show <task>',
      summary: 'show what a command was asked to do and how it ended',
      details: ids,
      example: 'maestro tasks show command_7h2k9w',
    },
    async () => (await load()).show,
  )
  tasks(
    {
      usage: 'output <task>',
      summary: 'print what a command has printed: stdout to stdout, stderr to stderr',
      details: `${ids} Into a pipe the bytes come as they are; on a terminal, without control characters.`,
      example: 'maestro tasks output -f command_7h2k9w',
      options: [new Option('-f, --follow', 'go on until it ends; the exit code is that of the command')],
    },
    async () => (await load()).output,
  )
  tasks(
    {
      usage: 'cancel <task>',
      summary: 'end a command with everything it has started',
      details: `${ids} Exit code 5 when it had ended already.`,
      example: 'maestro tasks cancel command_7h2k9w',
    },
    async () => (await load()).cancel,
  )
}
