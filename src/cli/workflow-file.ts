// A workflow as a file that people write: JSON and YAML with the fields of the API, Markdown for prompts and
// little else. Reading is lenient (prompts may be plain texts, ids may be left out); what is written can be read
// back to the letter. Pure. Whether a workflow is valid is for the server to say.

import { basename, extname } from 'node:path'
import { parse, stringify } from 'yaml'
import { isJsonObject, type JsonObject, MaestroError } from '#src/core/index.ts'
import type { Workflow, WorkflowInput } from '#src/workflows/contract.ts'

export type FileFormat = 'json' | 'yaml' | 'markdown'

export interface WorkflowFile {
  readonly definition: JsonObject
  /** The version it was taken from, if it says so. */
  readonly version: string | undefined
}

/**
 * @param file its name, for its format and the workflow's name; undefined for stdin
 * @throws `invalid_input` naming file, line and column
 */
export function parseWorkflowFile(text: string, file: string | undefined, format?: FileFormat): WorkflowFile {
  const what = file ?? 'stdin'
  const kind = format ?? formatOf(text, file)
  const found = kind === 'markdown' ? parseMarkdown(text, what) : parseData(text, what, kind)
  const { id: _id, updatedAt: _updatedAt, version, steps, prompts, folder, ...rest } = found
  const name = rest['name'] ?? (file === undefined ? undefined : basename(file, extname(file)))
  const list = steps ?? prompts
  return {
    definition: {
      ...(name === undefined ? {} : { name }),
      ...(folder === undefined ? {} : { path: folder }),
      ...rest,
      ...(Array.isArray(list) ? { steps: list.map(toStep) } : list === undefined ? {} : { steps: list }),
    },
    version: typeof version === 'string' ? version : undefined,
  }
}

/** By the name of the file; else by its look: JSON begins with {, YAML has the prompts as a field. */
function formatOf(text: string, file: string | undefined): FileFormat {
  const extension = file === undefined ? '' : extname(file).toLowerCase()
  if (extension === '.json') return 'json'
  if (extension === '.yaml' || extension === '.yml') return 'yaml'
  if (extension === '.md' || extension === '.markdown' || extension === '.txt') return 'markdown'
  if (/^\s*\{/.test(text)) return 'json'
  return /^(steps|prompts):/m.test(text) ? 'yaml' : 'markdown'
}

function parseData(text: string, what: string, kind: 'json' | 'yaml'): JsonObject {
  const value = kind === 'json' ? parseJson(text, what) : parseYaml(text, what)
  if (isJsonObject(value)) return value
  throw new MaestroError('invalid_input', `${what} holds no workflow: it is ${describe(value)}, not an object`, {
    hint: 'maestro workflows show <workflow> prints one as an example',
  })
}

/** Prompts as they are, a line `---` between two. A first block of YAML between two such lines is about all of them. */
function parseMarkdown(text: string, what: string): JsonObject {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const isBorder = (line: string | undefined): boolean => line?.trimEnd() === '---'
  let top: JsonObject = {}
  let rest = lines
  const close = isBorder(lines[0]) ? lines.findIndex((line, at) => at > 0 && isBorder(line)) : -1
  if (close > 0) {
    const head = parseYaml(lines.slice(1, close).join('\n'), what)
    if (head !== null && !isJsonObject(head)) {
      throw new MaestroError('invalid_input', `the block at the top of ${what} is ${describe(head)}, not fields`, {
        hint: 'write name: My workflow, or leave the block out',
      })
    }
    top = head ?? {}
    rest = lines.slice(close + 1)
  }
  const prompts: string[][] = [[]]
  for (const line of rest) {
    if (isBorder(line)) prompts.push([])
    else prompts.at(-1)?.push(line)
  }
  return {
    ...top,
    steps: prompts.map((part) => ({ text: part.join('\n').trim() })).filter(({ text: body }) => body !== ''),
  }
}

function toStep(entry: unknown, index: number): unknown {
  if (typeof entry === 'string') return { id: `step-${index + 1}`, text: entry }
  return isJsonObject(entry) ? { id: `step-${index + 1}`, ...entry } : entry
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MaestroError('invalid_input', `${what} is not valid JSON: ${(cause as Error).message}`, { cause })
  }
}

function parseYaml(text: string, what: string): unknown {
  try {
    return parse(text, { maxAliasCount: 20, logLevel: 'error', prettyErrors: true }) as unknown
  } catch (cause) {
    const [first = ''] = (cause as Error).message.split('\n')
    throw new MaestroError('invalid_input', `${what} is not valid YAML: ${first.replace(/:$/, '')}`, { cause })
  }
}

function describe(value: unknown): string {
  return value === null || value === undefined ? 'empty' : Array.isArray(value) ? 'a list' : `a ${typeof value}`
}

/** First what people look for, then the rest, the prompts last. */
const order = ['name', 'path', 'description', 'tags', 'agent', 'provider', 'model', 'workingDir', 'session']
const stepOrder = ['id', 'name', 'text', 'agent', 'provider', 'model', 'mcpServerIds']

/** YAML that `parseWorkflowFile` reads back as it is; fields without a value are left out. */
export function formatWorkflow(workflow: Workflow | WorkflowInput): string {
  const { id: _id, version: _version, updatedAt: _updatedAt, steps, ...top } = workflow as Workflow
  const content = {
    ...sorted(top, order),
    steps: steps.map((step) => sorted(step, stepOrder)),
  }
  return stringify(content, { lineWidth: 0, blockQuote: 'literal' })
}

function sorted(from: object, first: readonly string[]): JsonObject {
  const entries = Object.entries(from).filter(
    ([, value]) =>
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length)
  return Object.fromEntries(entries.toSorted(([a], [b]) => rank(a) - rank(b)))
}
