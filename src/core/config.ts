// The whole configuration: one schema, one table of names, one pure function. Nothing else reads the
// environment. Reading the files is config-files.ts.

import { hostname } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import type { Issue } from './contract.ts'
import { editDistance } from './edit-distance.ts'
import { MaestroError } from './errors.ts'

export const providerNames = ['openrouter', 'openai', 'anthropic', 'google', 'ollama'] as const
export type ProviderName = (typeof providerNames)[number]
export interface ProviderConfig {
  apiKey?: string
  baseUrl?: string
}

const httpUrl = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' })
const text = z.string().min(1, 'a text that is not empty')
const whole = (min: number, max: number) =>
  z.coerce
    .number(`a whole number from ${min} to ${max}`)
    .int(`a whole number from ${min} to ${max}`)
    .min(min, `at least ${min}`)
    .max(max, `at most ${max}`)

/** As in PATH, or as a list in config.json. */
const folders = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(':').filter((folder) => folder !== '') : value),
  z
    .array(
      z.string().regex(/^(\/|~$|~\/)/, 'an absolute folder, or one that begins with ~/'),
      'folders, separated by :',
    )
    .min(1, 'at least one folder'),
)

const fields = {
  dataDir: text,
  host: text.default('127.0.0.1'),
  port: whole(0, 65_535).default(3000),
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/, error: 'an address such as postgres://user:password@host/database' })
    .optional(),
  url: httpUrl.optional(),
  publicUrl: httpUrl.optional(),
  auth: z.enum(['on', 'off'], 'on or off').default('on'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'debug, info, warn, error or silent').default('info'),
  gooseBin: text.optional(),
  nodeName: text.max(100, 'at most 100 characters'),
  maxConcurrentRuns: whole(1, 1_000).default(2),
  leaseMs: whole(1_000, 60_000).default(10_000),
  diskReserveMb: whole(0, 1_000_000).default(256),
  idleExitSec: whole(0, 1_000_000).default(0),
  conformance: z.enum(['0', '1'], '1 or 0').default('0'),
  secretKey: text.optional(),
  readRoots: folders.optional(),
  writeRoots: folders.optional(),
  openrouterApiKey: text.optional(),
  openrouterBaseUrl: httpUrl.optional(),
  openaiApiKey: text.optional(),
  openaiBaseUrl: httpUrl.optional(),
  anthropicApiKey: text.optional(),
  anthropicBaseUrl: httpUrl.optional(),
  googleApiKey: text.optional(),
  ollamaBaseUrl: z.preprocess(addScheme, httpUrl).optional(),
}
type Key = keyof typeof fields

/** Names in the environment and in `.env`, the preferred one first. */
const envNames: { readonly [K in Key]?: readonly string[] } = {
  dataDir: ['MAESTRO_DATA_DIR'],
  host: ['HOST'],
  port: ['PORT'],
  databaseUrl: ['DATABASE_URL'],
  url: ['MAESTRO_URL'],
  publicUrl: ['MAESTRO_PUBLIC_URL'],
  auth: ['MAESTRO_AUTH'],
  logLevel: ['MAESTRO_LOG_LEVEL'],
  gooseBin: ['GOOSE_BIN'],
  nodeName: ['MAESTRO_NODE_NAME'],
  maxConcurrentRuns: ['MAESTRO_MAX_RUNS'],
  leaseMs: ['MAESTRO_LEASE_MS'],
  diskReserveMb: ['MAESTRO_DISK_RESERVE_MB'],
  idleExitSec: ['MAESTRO_IDLE_EXIT_SEC'],
  conformance: ['MAESTRO_CONFORMANCE'],
  secretKey: ['MAESTRO_SECRET_KEY'],
  readRoots: ['MAESTRO_READ_ROOTS'],
  writeRoots: ['MAESTRO_WRITE_ROOTS'],
  openrouterApiKey: ['OPENROUTER_API_KEY'],
  openrouterBaseUrl: ['OPENROUTER_HOST'],
  openaiApiKey: ['OPENAI_API_KEY'],
  openaiBaseUrl: ['OPENAI_BASE_URL', 'OPENAI_HOST'],
  anthropicApiKey: ['ANTHROPIC_API_KEY'],
  anthropicBaseUrl: ['ANTHROPIC_BASE_URL', 'ANTHROPIC_HOST'],
  googleApiKey: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  ollamaBaseUrl: ['OLLAMA_HOST'],
}

/** Shown only as "(hidden)". A database address may hold a password. */
const secretKeys: ReadonlySet<string> = new Set<Key>([
  'secretKey',
  'databaseUrl',
  'openrouterApiKey',
  'openaiApiKey',
  'anthropicApiKey',
  'googleApiKey',
])

const Schema = z.object(fields)
type Values = z.output<typeof Schema>
type ProviderKey = Extract<Key, `${ProviderName}${'ApiKey' | 'BaseUrl'}`>

export interface Config extends Omit<Values, ProviderKey> {
  readonly providers: Readonly<Record<ProviderName, ProviderConfig>>
  /** Where each value came from, for `doctor`: `--port`, `PORT`, `PORT in /x/.env`, `config.json`, `default`. */
  readonly sources: Readonly<Record<string, string>>
}

/** A file's text; `.json` is a configuration file, everything else has the form of `.env`. Strongest first. */
export interface ConfigFile {
  readonly path: string
  readonly text: string
}

export interface ConfigInput {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly files: readonly ConfigFile[]
  /** By configuration key: `{ port: 8080 }` from `--port 8080`. */
  readonly flags: Readonly<Record<string, unknown>>
}

interface Found {
  readonly value: unknown
  readonly source: string
}

/**
 * Flags win over the environment, that over the files in their order, these over the defaults.
 * @throws `invalid_input` with every problem at once: key, value (secrets hidden), where it came from, what is allowed
 */
export function loadConfig(input: ConfigInput): Config {
  const issues: Issue[] = []
  const layers = [
    flagLayer(input.flags, issues),
    envLayer(input.env, (name) => name),
    ...input.files.map((file) => (file.path.endsWith('.json') ? jsonLayer(file, issues) : dotenvLayer(file, issues))),
  ]
  const found: Partial<Record<Key, Found>> = {}
  for (const key of Object.keys(fields) as Key[]) {
    const first = layers.find((layer) => layer[key] !== undefined)?.[key]
    if (first !== undefined) found[key] = first
  }
  found.dataDir ??= { value: defaultDataDir(input.env), source: 'default' }
  found.nodeName ??= { value: hostname() || 'node', source: 'default' }

  const parsed = Schema.safeParse(Object.fromEntries(Object.entries(found).map(([key, { value }]) => [key, value])))
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const key = String(path[0])
      issues.push({ path: key, message: describe(key, found[key as Key], message) })
    }
  } else {
    issues.push(...checkExposure(parsed.data, found))
  }
  if (issues.length > 0 || !parsed.success) {
    const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
    throw new MaestroError('invalid_input', `the configuration is not valid: ${list}`, {
      issues,
      hint: 'correct these where they were set and start again',
    })
  }
  const sources = Object.fromEntries(Object.keys(fields).map((key) => [key, found[key as Key]?.source ?? 'default']))
  return toConfig(parsed.data, sources)
}

/** `.env` text as names and values: quotes, comments, `export` and line breaks in double quotes. */
export function parseEnvFile(content: string): Record<string, string> {
  // The byte order mark of some editors would become a part of the first name.
  return { ...(parseEnv(content.replace(/^\uFEFF/, '')) as Record<string, string>) }
}

type Layer = Partial<Record<Key, Found>>

/** Where data lies unless someone says otherwise. */
export function defaultDataDir(env: Readonly<Record<string, string | undefined>>): string {
  return join(env['HOME'] ?? env['USERPROFILE'] ?? '.', '.maestro')
}

function flagLayer(flags: Readonly<Record<string, unknown>>, issues: Issue[]): Layer {
  const layer: Layer = {}
  for (const [key, value] of Object.entries(flags)) {
    if (value === undefined) continue
    const source = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (isKey(key)) layer[key] = { value, source }
    else issues.push(unknownKey(key, source))
  }
  return layer
}

/** An empty variable counts as not set: `PORT= maestro serve`, and the empty lines of an `.env` template. */
function envLayer(env: Readonly<Record<string, string | undefined>>, sourceOf: (name: string) => string): Layer {
  const layer: Layer = {}
  for (const [key, names] of Object.entries(envNames) as [Key, readonly string[]][]) {
    const name = names.find((candidate) => (env[candidate] ?? '').trim() !== '')
    if (name !== undefined) layer[key] = { value: env[name]?.trim(), source: sourceOf(name) }
  }
  return layer
}

function dotenvLayer(file: ConfigFile, issues: Issue[]): Layer {
  const values = parseEnvFile(file.text)
  const ours = new Set(Object.values(envNames).flat())
  for (const name of Object.keys(values)) {
    // Other programs' variables may well be in an .env; what starts with our name must be ours.
    if (name.startsWith('MAESTRO_') && !ours.has(name)) issues.push(unknownKey(name, file.path, [...ours]))
  }
  return envLayer(values, (name) => `${name} in ${file.path}`)
}

function jsonLayer(file: ConfigFile, issues: Issue[]): Layer {
  let content: unknown
  try {
    content = JSON.parse(file.text.replace(/^\uFEFF/, ''))
  } catch (error) {
    issues.push({ path: file.path, message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` })
    return {}
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    issues.push({ path: file.path, message: 'must hold one JSON object, { "port": 3000 }' })
    return {}
  }
  const layer: Layer = {}
  for (const [key, value] of Object.entries(content)) {
    if (isKey(key)) layer[key] = { value: value as unknown, source: file.path }
    else issues.push(unknownKey(key, file.path))
  }
  return layer
}

const isKey = (key: string): key is Key => Object.hasOwn(fields, key)

function unknownKey(key: string, source: string, known: readonly string[] = Object.keys(fields)): Issue {
  const [nearest] = known.toSorted((a, b) => editDistance(key, a) - editDistance(key, b))
  return { path: key, message: `is not a known setting (from ${source}); the nearest is ${nearest ?? 'none'}` }
}

function describe(key: string, found: Found | undefined, allowed: string): string {
  if (found === undefined) return `must be ${allowed}`
  const shown = secretKeys.has(key) ? '(hidden)' : JSON.stringify(found.value)
  return `is ${shown} (from ${found.source}); it must be ${allowed}`
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Closed by default: what others can reach needs a name for itself, and sign-in. */
function checkExposure(config: Values, found: Layer): Issue[] {
  const issues: Issue[] = []
  if (config.conformance === '1' && (config.auth === 'on' || !isLoopback(config.host))) {
    const allowed =
      '0, unless auth (MAESTRO_AUTH) is off and host (HOST) is a loopback address: what it adds is for test suites only'
    issues.push({ path: 'conformance', message: describe('conformance', found.conformance, allowed) })
  }
  if (isLoopback(config.host)) return issues
  if (config.auth === 'off') {
    issues.push({
      path: 'auth',
      message: describe('auth', found.auth, `on, because host ${JSON.stringify(config.host)} can be reached by others`),
    })
  }
  if (config.publicUrl === undefined) {
    const allowed =
      'a loopback address such as 127.0.0.1, unless publicUrl (MAESTRO_PUBLIC_URL) says the address others use'
    issues.push({ path: 'host', message: describe('host', found.host, allowed) })
  }
  return issues
}

function toConfig(values: Values, sources: Readonly<Record<string, string>>): Config {
  const {
    openrouterApiKey,
    openrouterBaseUrl,
    openaiApiKey,
    openaiBaseUrl,
    anthropicApiKey,
    anthropicBaseUrl,
    googleApiKey,
    ollamaBaseUrl,
    ...rest
  } = values
  return {
    ...rest,
    providers: {
      openrouter: provider(openrouterApiKey, openrouterBaseUrl),
      openai: provider(openaiApiKey, openaiBaseUrl),
      anthropic: provider(anthropicApiKey, anthropicBaseUrl),
      google: provider(googleApiKey, undefined),
      ollama: provider(undefined, ollamaBaseUrl),
    },
    sources,
  }
}

function provider(apiKey: string | undefined, baseUrl: string | undefined): ProviderConfig {
  return { ...(apiKey === undefined ? {} : { apiKey }), ...(baseUrl === undefined ? {} : { baseUrl }) }
}

/** Ollama's own variable is often `host:port` without a scheme. */
function addScheme(value: unknown): unknown {
  return typeof value === 'string' && !value.includes('://') ? `http://${value}` : value
}
