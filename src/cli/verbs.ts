// The list of verbs: what each is called, takes and says about itself. Their code is loaded when they run.

import { type Command, InvalidArgumentError, Option } from 'commander'
import type { TaskStatus } from '#src/tasks/contract.ts'
import { type Leaf, shared } from './leaf.ts'

/** Written out, since `--help` does not wait for schemas to load; the type says when one is missing. */
const statuses = Object.keys({
  queued: true,
  running: true,
  waiting: true,
  succeeded: true,
  failed: true,
  cancelled: true,
  timed_out: true,
  budget_exceeded: true,
  interrupted: true,
} satisfies Record<TaskStatus, true>)

export function addVerbs(verb: Leaf, group: (name: string, summary: string, example: string) => [Leaf, Command]): void {
  verb(
    {
      usage: 'serve',
      summary: 'start the server in the foreground',
      details:
        'It owns the data folder; when one runs already, its address is printed instead. Ctrl-C stops it; runs that are under way go on at the next start.',
      example: 'maestro serve --port 4000',
      options: [
        new Option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine only)'),
        new Option('--port <number>', 'port to listen on (default: 3000)').argParser(whole(0, 65_535)),
        new Option('--open-link', 'open the sign-in link in the browser when there is a desktop'),
        new Option('--on-demand', 'as started by other commands: leave when idle').hideHelp(),
      ],
    },
    async () => (await import('./commands/serve.ts')).serve,
  )
  verb(
    {
      usage: 'open',
      summary: 'open the page, signed in',
      details: 'Prints a fresh one-time sign-in link and, on a desktop, opens it in the browser.',
      example: 'maestro open --print',
      options: [new Option('--print', 'only print the link')],
    },
    async () => (await import('./commands/open.ts')).open,
  )
  verb(
    {
      usage: 'status',
      summary: 'is Maestro running, and where',
      details: 'Starts nothing. Exit code 5 when it does not run.',
      example: 'maestro status',
    },
    async () => (await import('./commands/status.ts')).status,
  )
  verb(
    {
      usage: 'stop',
      summary: 'stop the running Maestro',
      details: 'Agents that are at work go on, and are picked up at the next start.',
      example: 'maestro stop',
    },
    async () => (await import('./commands/status.ts')).stop,
  )
  verb(
    {
      usage: 'doctor',
      summary: 'check what Maestro needs and say how to fix it',
      details: 'Exit code 1 when something is broken.',
      example: 'maestro doctor',
    },
    async () => (await import('./commands/doctor.ts')).doctor,
  )
  verb(
    { usage: 'workflows', summary: 'list the workflows', example: 'maestro workflows' },
    async () => (await import('./commands/workflows.ts')).workflows,
  )
  verb(
    {
      usage: 'run <workflow>',
      summary: 'run a workflow, by its id or name',
      details:
        'Returns as soon as the run is recorded, unless asked to follow or wait; then the exit code is that of the run. With --follow --json each event is one line of JSON.',
      example: 'maestro run "First light" --follow',
      options: [
        new Option('-f, --follow', 'show what happens until it ends'),
        new Option('--wait <seconds>', 'wait that long for it to end, then exit with 4').argParser(whole(1, 604_800)),
      ],
    },
    async () => (await import('./commands/run.ts')).run,
  )
  verb(
    {
      usage: 'runs',
      summary: 'list runs, newest first',
      example: 'maestro runs --status failed --limit 5',
      options: [
        new Option('--workflow <id-or-name>', 'only of this workflow'),
        new Option('--status <status...>', 'only with this status').choices(statuses),
        new Option('--limit <number>', 'at most so many').argParser(whole(1, 500)).default(20),
      ],
    },
    async () => (await import('./commands/runs.ts')).runs,
  )
  const ids = 'The id may be shortened to its first 6 letters.'
  verb(
    {
      usage: 'show <run>',
      summary: 'show a run: its steps, answers, tokens and cost',
      details: ids,
      example: 'maestro show run_7h2k9w',
    },
    async () => (await import('./commands/runs.ts')).show,
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
    async () => (await import('./commands/logs.ts')).logs,
  )
  verb(
    {
      usage: 'cancel <run>',
      summary: 'stop a run',
      details: `${ids} Its agent gets a signal, then is ended. Exit code 5 when it had ended already.`,
      example: 'maestro cancel run_7h2k9w',
    },
    async () => (await import('./commands/runs.ts')).cancel,
  )
  verb(
    { usage: 'resume <run>', summary: 'let a waiting run go on', details: ids, example: 'maestro resume run_7h2k9w' },
    async () => (await import('./commands/runs.ts')).resume,
  )

  const [agent, agents] = group('agents', 'see and install the agents that do the work', 'maestro agents install goose')
  const agentList = async () => (await import('./commands/agents.ts')).list
  const listed = agent(
    { usage: 'list', summary: 'list the agents and whether they are ready', example: 'maestro agents list' },
    agentList,
  )
  // `maestro agents` alone is the list.
  agents
    .usage('[options] [command]')
    .allowExcessArguments(true)
    .action(async () => {
      const [unknown] = agents.args
      if (unknown !== undefined) agents.error(`unknown command '${unknown}'`)
      await listed.parseAsync([], { from: 'user' })
    })
  shared(agents)
  agent(
    {
      usage: 'install <agent>',
      summary: 'fetch an agent into the data folder',
      example: 'maestro agents install goose',
    },
    async () => (await import('./commands/agents.ts')).install,
  )
  agent(
    {
      usage: 'doctor',
      summary: 'say what each agent lacks',
      details: 'Exit code 1 when none is ready.',
      example: 'maestro agents doctor',
    },
    async () => (await import('./commands/agents.ts')).doctor,
  )
  verb(
    { usage: 'models', summary: 'list the models that are within reach', example: 'maestro models' },
    async () => (await import('./commands/models.ts')).models,
  )

  const [secret] = group(
    'secrets',
    'keep keys and passwords, encrypted; they can be set but not read back',
    'maestro secrets set OPENROUTER_API_KEY',
  )
  secret(
    {
      usage: 'set <NAME>',
      summary: 'store a secret; its value is read from stdin, or asked for without echo',
      example: 'maestro secrets set OPENROUTER_API_KEY',
    },
    async () => (await import('./commands/secrets.ts')).set,
  )
  secret(
    { usage: 'list', summary: 'list the names', example: 'maestro secrets list' },
    async () => (await import('./commands/secrets.ts')).list,
  )
  secret(
    { usage: 'delete <NAME>', summary: 'forget a secret', example: 'maestro secrets delete OPENROUTER_API_KEY' },
    async () => (await import('./commands/secrets.ts')).remove,
  )

  const [token] = group(
    'token',
    'make and revoke tokens for programs that call Maestro',
    'maestro token create ci --days 90',
  )
  token(
    {
      usage: 'create <name>',
      summary: 'make a token and print it, once',
      details: 'Only the token goes to stdout.',
      example: 'maestro token create ci --days 90 --read-only',
      options: [
        new Option('--days <number>', 'days until it expires (default: never)').argParser(whole(1, 3_650)),
        new Option('--read-only', 'it may look, not change or start anything'),
      ],
    },
    async () => (await import('./commands/tokens.ts')).create,
  )
  token(
    { usage: 'list', summary: 'list the tokens', example: 'maestro token list' },
    async () => (await import('./commands/tokens.ts')).list,
  )
  token(
    { usage: 'revoke <id>', summary: 'end a token at once', example: 'maestro token revoke tok_5fq0' },
    async () => (await import('./commands/tokens.ts')).revoke,
  )
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`A whole number from ${min} to ${max} would be right.`)
  }
}
