// Verbs about what works on a prompt: agents, their MCP servers, models, and who serves and bills these.

import { Option } from 'commander'
import type { Group, Leaf } from '../leaf.ts'
import { usd, usdOrNone, whole } from './numbers.ts'

export function addAgentVerbs(group: Group): void {
  const agent = group('agents', 'see and install the agents that do the work', 'maestro agents install goose')
  const load = () => import('../commands/agents.ts')
  agent(
    {
      usage: 'list',
      summary: 'list the agents and whether they are ready',
      example: 'maestro agents list',
      isDefault: true,
    },
    async () => (await load()).list,
  )
  agent(
    {
      usage: 'install <agent>',
      summary: 'fetch an agent into the data folder',
      example: 'maestro agents install goose',
    },
    async () => (await load()).install,
  )
  agent(
    {
      usage: 'doctor',
      summary: 'say what each agent lacks',
      details: 'Exit code 1 when none is ready.',
      example: 'maestro agents doctor',
    },
    async () => (await load()).doctor,
  )
  addMcpServerVerbs(group)
}

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]

const settings = () => [
  new Option('--url <url>', 'the address of a server that is reached over HTTP, instead of a program'),
  new Option(
    '--env <NAME>',
    'a secret variable of its environment; the value is asked for, or read from stdin',
  ).argParser(collect),
  new Option('--plain-env <NAME=value>', 'a variable that is no secret').argParser(collect),
  new Option(
    '--header <NAME>',
    'a secret header of its requests; the value is asked for, or read from stdin',
  ).argParser(collect),
  new Option('--description <text>', 'what it is for'),
  new Option('--default', 'switch it on for new prompts'),
  new Option('--optional', 'a prompt goes on without it when it does not start'),
  new Option('--start-timeout <seconds>', 'how long it may take to start').argParser(whole(1, 600)),
]

function addMcpServerVerbs(group: Group): void {
  const server = group(
    'mcp-servers',
    'the programs and addresses that give agents tools',
    'maestro mcp-servers add search --env SEARCH_API_KEY -- npx -y @example/search-server',
  )
  const load = () => import('../commands/mcp-servers.ts')
  const edit = () => import('../commands/mcp-server-edit.ts')
  const values =
    'Secret values are asked for one after the other, or read from stdin: one value alone, or several as lines NAME=value.'
  server(
    { usage: 'list', summary: 'list them', example: 'maestro mcp-servers', isDefault: true },
    async () => (await load()).list,
  )
  server(
    {
      usage: 'show <server>',
      summary: 'show one, by its id or name; secret values never come out',
      example: 'maestro mcp-servers show search',
    },
    async () => (await load()).show,
  )
  server(
    {
      usage: 'add <name> [command...]',
      summary: 'add one: a program with its arguments after --, or --url',
      details: values,
      example: 'maestro mcp-servers add search --env SEARCH_API_KEY -- npx -y @example/search-server',
      options: settings(),
    },
    async () => (await edit()).add,
  )
  server(
    {
      usage: 'edit <server> [command...]',
      summary: 'change what is named, keep the rest',
      details: values,
      example: 'maestro mcp-servers edit search --env SEARCH_API_KEY --remove-env OLD_KEY',
      options: [
        new Option('--name <name>', 'what it is called'),
        ...settings(),
        new Option('--remove-env <NAME>', 'take a variable away').argParser(collect),
        new Option('--remove-header <NAME>', 'take a header away').argParser(collect),
        new Option('--no-default', 'switch it off for new prompts'),
        new Option('--required', 'a prompt fails when it does not start'),
      ],
    },
    async () => (await edit()).edit,
  )
  server(
    {
      usage: 'remove <server>',
      summary: 'remove one, and its stored values',
      example: 'maestro mcp-servers remove search',
    },
    async () => (await load()).remove,
  )
  server(
    {
      usage: 'test <server>',
      summary: 'start it, greet it and list its tools',
      details: 'Exit code 1 when it does not work.',
      example: 'maestro mcp-servers test search',
    },
    async () => (await load()).test,
  )
}

export function addModelVerbs(group: Group): void {
  const model = group(
    'models',
    'the models that prompts can be asked with',
    'maestro models default openai/o3-mini-high',
  )
  const load = () => import('../commands/models.ts')
  const provider = () => new Option('--provider <id>', 'whose model it is, where several have one of this id')
  const prices = () => [
    new Option('--input <usd>', 'US dollars for a million tokens that go in').argParser(usd),
    new Option('--output <usd>', 'US dollars for a million tokens that come out').argParser(usd),
    new Option('--cache-read <usd>', 'the same, for tokens read from a cache').argParser(usd),
    new Option('--cache-write <usd>', 'the same, for tokens written to a cache').argParser(usd),
  ]
  model(
    {
      usage: 'list',
      summary: 'list the models, and which key is missing',
      example: 'maestro models',
      isDefault: true,
    },
    async () => (await load()).models,
  )
  model(
    {
      usage: 'add <model>',
      summary: 'add a model to the list',
      example: 'maestro models add meta-llama/llama-4-scout --input 0.1 --output 0.3',
      options: [new Option('--provider <id>', 'whose model it is').default('openrouter'), ...prices()],
    },
    async () => (await load()).add,
  )
  model(
    {
      usage: 'remove <model>',
      summary: 'take a model from the list; the default one stays',
      example: 'maestro models remove openai/o3-mini-high',
      options: [provider()],
    },
    async () => (await load()).remove,
  )
  model(
    {
      usage: 'default <model>',
      summary: 'make it the model of every prompt that names none',
      example: 'maestro models default anthropic/claude-3.7-sonnet',
      options: [provider()],
    },
    async () => (await load()).setDefault,
  )
  model(
    {
      usage: 'fallbacks [model...]',
      summary: 'the models to try in this order when the one of a prompt fails',
      details: 'Without a model it shows them. Where several providers have a model of one id: provider/id.',
      example: 'maestro models fallbacks openai/o3-mini-high google/gemini-2.0-flash',
      options: [new Option('--clear', 'try none')],
    },
    async () => (await load()).fallbacks,
  )
  model(
    {
      usage: 'price <model>',
      summary: 'set what a model costs, for providers that do not say it',
      details: 'Without prices it shows them.',
      example: 'maestro models price my-model --input 0.5 --output 1.5',
      options: [provider(), ...prices(), new Option('--none', 'forget the prices')],
    },
    async () => (await load()).price,
  )
  addProviderVerbs(group)
}

function addProviderVerbs(group: Group): void {
  const provider = group(
    'providers',
    'who serves the models, where, and with which key',
    'maestro providers test openrouter',
  )
  const load = () => import('../commands/providers.ts')
  const api = () =>
    new Option('--api <api>', 'the wire it speaks').choices(['openrouter', 'openai', 'anthropic', 'google', 'ollama'])
  provider(
    { usage: 'list', summary: 'list them, with address and key', example: 'maestro providers', isDefault: true },
    async () => (await load()).list,
  )
  provider(
    {
      usage: 'add <title>',
      summary: 'add one of your own, by its address',
      details: 'Its key is asked for without echo, or read from stdin, unless it needs none.',
      example: 'maestro providers add "Lab server" --url http://10.0.0.7:8000/v1 --no-key',
      options: [
        new Option('--url <url>', 'its address, such as https://api.example.com/v1').makeOptionMandatory(),
        new Option('--id <id>', 'a short id (default: made from the title)'),
        api().default('openai'),
        new Option('--no-key', 'it needs no key'),
      ],
    },
    async () => (await load()).add,
  )
  provider(
    {
      usage: 'set <provider>',
      summary: 'change its title, address, wire or key',
      example: 'maestro providers set openrouter --key',
      options: [
        new Option('--title <title>', 'what it is called'),
        new Option('--url <url>', 'its address'),
        new Option('--usual-url', 'its usual address again'),
        api(),
        new Option('--key', 'a new key: asked for without echo, or read from stdin'),
        new Option('--forget-key', 'forget the stored key'),
      ],
    },
    async () => (await load()).set,
  )
  provider(
    { usage: 'remove <provider>', summary: 'remove one of your own', example: 'maestro providers remove lab-server' },
    async () => (await load()).remove,
  )
  provider(
    {
      usage: 'test <provider>',
      summary: 'ask it whether address and key are right; costs nothing',
      details: 'Exit code 1 when they are not.',
      example: 'maestro providers test openrouter',
    },
    async () => (await load()).test,
  )
  provider(
    {
      usage: 'models <provider>',
      summary: 'list the models that it offers',
      example: 'maestro providers models openrouter --search claude',
      options: [new Option('--search <text>', 'only those with this in id or name')],
    },
    async () => (await load()).offered,
  )
}

export function addMoneyVerbs(verb: Leaf): void {
  verb(
    {
      usage: 'budget',
      summary: 'show or set the limits on money',
      example: 'maestro budget --monthly 50 --per-run 2',
      options: [
        new Option('--monthly <usd>', 'of all model calls of a calendar month (UTC), or none').argParser(usdOrNone),
        new Option('--per-run <usd>', 'of a run whose workflow names no limit, or none').argParser(usdOrNone),
      ],
    },
    async () => (await import('../commands/money.ts')).budget,
  )
  verb(
    {
      usage: 'spend',
      summary: 'show what models have cost',
      example: 'maestro spend --days 7',
      options: [new Option('--days <number>', 'how many days back').argParser(whole(1, 366)).default(30)],
    },
    async () => (await import('../commands/money.ts')).spend,
  )
}
