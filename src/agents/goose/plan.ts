// One headless Goose run as a launch plan. Pure: the same input gives the same plan, nothing is read
// or started. Leaves out where the process runs and what its output means.
//
// Settings with a reason (all tried on Goose 1.52):
// - GOOSE_STATE_MACHINE=1: every model error ends with an `error` event and exit 1 (without it, only
//   401 does), an empty answer is asked for once and not four times, and it is the only mode in
//   which GOOSE_SLASH_COMMANDS_ENABLED=false keeps a prompt such as "/clear" from being executed.
//   Its price: Goose offers the model one more tool, `load_skill`, which reads help texts. The gateway
//   takes it out of the calls.
// - GOOSE_AUTO_COMPACT_THRESHOLD=0: else a prompt that Goose believes to be long for a model it does not
//   know is replaced by a summary, again and again until the turns are used up. Goose still compacts
//   when the provider itself says that the context is too long.
// - The gateway's token is in secrets.yaml: as a variable, every MCP server and shell command would see it.
//   Ollama is sent no key by Goose, so there it is in the address in config.yaml.
// - Extensions are kept in the session and come back on resume: the checkpoint has them cleared, so
//   each turn names exactly its own.

import path from 'node:path'
import { MaestroError } from '#src/core/index.ts'
import type { LaunchPlan, McpServerLaunch, ModelAccess, TurnInput } from '../adapter.ts'
import { configFile, gooseProvider, hostEnvironment, secretsFile, withoutProxy } from './providers.ts'

export interface GooseOptions {
  /** What the agent's process inherits: PATH, LANG, TZ, proxies. Never secrets. */
  readonly baseEnv: Readonly<Record<string, string>>
  /** What its MCP servers get below their own variables: PATH and the real HOME (npx keeps its cache there). */
  readonly serverEnv: Readonly<Record<string, string>>
  /** Absolute path of a Node binary, for the MCP launcher. */
  readonly nodePath: string
  /** Absolute path of mcp-shim.cjs. */
  readonly shimPath: string
  /** For tests: model errors are retried without waiting in between. */
  readonly skipBackoff?: boolean
}

const gooseStop = { signal: 'TERM', graceMs: 3_000 } as const

/** @throws `unsupported` for mode `edit`; `not_ready` without a model. */
export function planGoose(input: TurnInput, binary: string, options: GooseOptions): LaunchPlan {
  const model = requireModel(input.model)
  if (input.mode === 'edit') {
    throw new MaestroError(
      'unsupported',
      'Goose has no mode "edit": it either has no tools (plan) or all of them (full)',
      {
        hint: 'choose mode "plan" or "full", or another agent for edits without commands',
      },
    )
  }
  const provider = gooseProvider(model.api)
  const servers = serverFiles(input, options)
  const importFile = path.join(input.rootDir, 'import.json')
  const env = {
    ...options.baseEnv,
    ...withoutProxy(options.baseEnv),
    ...gooseHome(input.rootDir),
    ...hostEnvironment(provider, model.baseUrl),
    GOOSE_MODE: input.mode === 'full' || servers.length > 0 ? 'auto' : 'chat',
    GOOSE_STATE_MACHINE: '1',
    GOOSE_SLASH_COMMANDS_ENABLED: 'false',
    GOOSE_AUTO_COMPACT_THRESHOLD: '0',
    ...(options.skipBackoff === true ? { GOOSE_PROVIDER_SKIP_BACKOFF: 'true' } : {}),
  }
  const argv = (session: readonly string[]): readonly [string, ...string[]] => [
    binary,
    'run',
    '--quiet',
    ...session,
    '--instructions',
    '-',
    '--provider',
    provider.name,
    '--model',
    model.model,
    '--no-profile',
    ...(input.mode === 'full' ? ['--with-builtin', 'developer'] : []),
    ...servers.flatMap((server) => ['--with-extension', server.extension]),
    ...(input.systemPrompt === null ? [] : ['--system', input.systemPrompt]),
    '--max-turns',
    String(input.maxTurns),
    '--output-format',
    'stream-json',
  ]
  return {
    argv: argv(['--name', `maestro-${input.id}`]),
    env,
    cwd: input.cwd,
    stdin: input.prompt,
    files: [
      { path: path.join(input.rootDir, 'config', 'secrets.yaml'), content: secretsFile(provider, model.apiKey) },
      { path: path.join(input.rootDir, 'config', 'config.yaml'), content: configFile(provider, model) },
      { path: path.join(input.rootDir, 'home', '.maestro'), content: '' },
      { path: path.join(input.rootDir, 'tmp', '.maestro'), content: '' },
      ...servers.map((server) => server.file),
      ...(input.checkpoint === null ? [] : [{ path: importFile, content: input.checkpoint.data }]),
    ],
    before:
      input.checkpoint === null ? [] : [{ argv: [binary, 'session', 'import', importFile], env, timeoutMs: 30_000 }],
    withSession:
      input.checkpoint === null ? null : (output) => argv(['--resume', '--session-id', importedSession(output)]),
    stop: gooseStop,
    secrets: [model.apiKey ?? '', ...input.mcpServers.flatMap((server) => server.secrets)].filter(
      (value) => value.length >= 6,
    ),
  }
}

/** The variables that keep everything Goose writes below `rootDir`. Also for its short commands. */
export function gooseHome(rootDir: string): Record<string, string> {
  return {
    HOME: path.join(rootDir, 'home'),
    TMPDIR: path.join(rootDir, 'tmp'),
    GOOSE_PATH_ROOT: rootDir,
    GOOSE_DISABLE_KEYRING: '1',
    GOOSE_TELEMETRY_OFF: '1',
    // Only the word `true` works; else every new session costs one more model call, for a title.
    GOOSE_DISABLE_SESSION_NAMING: 'true',
    RUST_BACKTRACE: '0',
  }
}

/**
 * The names under which Goose knows the servers: their tools are called `<name>__<tool>`. Of letters,
 * digits, - and _; different from each other; of two letters at least, since Goose takes `x:` for a drive.
 */
export function extensionNames(servers: readonly McpServerLaunch[]): string[] {
  const taken = new Set<string>()
  return servers.map((server) => {
    const plain = server.name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '')
    const base = plain.length > 1 ? plain : `${plain}server`
    let name = base
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}`
    taken.add(name.toLowerCase())
    return name
  })
}

function requireModel(model: ModelAccess | null): ModelAccess {
  if (model !== null) return model
  throw new MaestroError('not_ready', 'Goose needs a model, and none is chosen', {
    hint: 'choose a provider and a model for the step, or a default model under Models',
  })
}

/** Goose prints `20260131_2 - title` as the last line. */
function importedSession(output: string): string {
  const id = /^\s*(\d{8}_\d+)\b/.exec(output)?.[1]
  if (id !== undefined) return id
  throw new MaestroError('corrupt_data', `Goose did not say which session it imported: "${output.slice(0, 200)}"`, {
    hint: 'this Goose may be newer than Maestro knows: install the supported version with `maestro agents install goose`',
  })
}

interface ServerFile {
  readonly file: { readonly path: string; readonly content: string }
  readonly extension: string
}

/** Each server starts through the shim, so Goose's splitting sees three plain words and no secret. */
function serverFiles(input: TurnInput, options: GooseOptions): ServerFile[] {
  const names = extensionNames(input.mcpServers)
  return input.mcpServers.map((server, index) => {
    const file = path.join(input.rootDir, 'mcp', `${index}.json`)
    return {
      file: { path: file, content: JSON.stringify(startFile(server, options)) },
      extension: `${names[index]}:${[options.nodePath, options.shimPath, file].map(quoted).join(' ')}`,
    }
  })
}

/** What the launcher reads: how to start the program, or which address to speak to. */
function startFile(server: McpServerLaunch, options: GooseOptions): object {
  if (server.transport === 'http') return { url: server.url, headers: server.headers }
  return { command: server.command, args: server.args, env: { ...options.serverEnv, ...server.env } }
}

/** Goose splits at white space, knows both quotes and no escape. */
function quoted(word: string): string {
  if (!/[\s"'=]/.test(word)) return word
  if (!word.includes('"')) return `"${word}"`
  if (!word.includes("'")) return `'${word}'`
  throw new MaestroError('unsupported', `Goose cannot be given a path with both kinds of quotes: ${word}`)
}
