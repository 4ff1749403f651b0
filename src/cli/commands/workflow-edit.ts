// `maestro workflows create` and `edit`: from a file, from stdin, or in the editor.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isNodeError, type JsonObject, MaestroError } from '#src/core/index.ts'
import { Workflow, WorkflowDiff } from '#src/workflows/contract.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { createEditedFile, type EditedFile } from '../editor.ts'
import { exit } from '../exit-codes.ts'
import { reportFailure } from '../fail.ts'
import { askLine, readStdin } from '../read-input.ts'
import { renderDiff } from '../render-diff.ts'
import { findWorkflow } from '../resolve.ts'
import { clip } from '../style.ts'
import { type FileFormat, formatWorkflow, parseWorkflowFile, type WorkflowFile } from '../workflow-file.ts'
import { folderOf, placeOf } from './workflows.ts'

interface FileOptions extends GlobalOptions {
  readonly format?: FileFormat
}

const maxBytes = 2 * 1024 * 1024

/** A file, or stdin for `-` and for nothing where nobody types. @throws `invalid_input` naming what is not there */
export async function readInput(
  cli: Cli,
  typed: string | undefined,
): Promise<{ text: string; file: string | undefined }> {
  if (typed === undefined || typed === '-') return { text: await readStdin(cli.io, maxBytes), file: undefined }
  const file = resolve(cli.io.cwd, typed)
  try {
    return { text: await readFile(file, 'utf8'), file: typed }
  } catch (error) {
    if (!isNodeError(error)) throw error
    const why = error.code === 'ENOENT' ? 'is not there' : error.code === 'EISDIR' ? 'is a folder' : error.message
    throw new MaestroError('invalid_input', `the file ${file} ${why}`, { cause: error })
  }
}

export async function readWorkflow(cli: Cli, options: FileOptions, typed: string | undefined): Promise<WorkflowFile> {
  const { text, file } = await readInput(cli, typed)
  return parseWorkflowFile(text, file, options.format)
}

const template = `# A workflow: prompts that are worked on in order, as one conversation. Save and close to make it.
name: My workflow
# path: reports/daily
# model: anthropic/claude-3.7-sonnet
steps:
  - text: |
      What the agent is asked first.
  - text: |
      What it is asked next; it knows what was said before.
`

export function create(
  cli: Cli,
  options: FileOptions & { name?: string; folder?: string },
  typed?: string,
): Promise<number> {
  const over = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.folder === undefined ? {} : { path: folderOf(options.folder) }),
  }
  return withApi(cli, options, async (api) => {
    const save = (definition: JsonObject) => api.call('POST', '/workflows', Workflow, { ...definition, ...over })
    const made =
      typed === undefined && cli.io.stdin.isTTY === true
        ? await inEditor(cli, template, save)
        : await save((await readWorkflow(cli, options, typed)).definition)
    if (made === undefined) return exit.nothing
    if (options.json === true) printJson(cli, made)
    else {
      cli.io.out(`Made ${made.id}, "${clip(made.name, 100)}", in ${placeOf(made.path)}.\n`)
      cli.io.err(`Run it:  maestro run ${made.id} --follow\n`)
    }
    return exit.ok
  })
}

export function edit(
  cli: Cli,
  options: FileOptions & { ifVersion?: string },
  typed = '',
  file?: string,
): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { id } = await findWorkflow(api, typed)
    const saved =
      file === undefined && cli.io.stdin.isTTY === true
        ? await editHere(cli, api, id)
        : await replace(cli, api, options, id, file)
    if (saved === undefined) {
      cli.io.err('Nothing was changed.\n')
      return exit.nothing
    }
    if (options.json === true) printJson(cli, saved)
    else cli.io.out(`Saved "${clip(saved.name, 100)}" (${saved.id}), version ${saved.version}.\n`)
    return exit.ok
  })
}

async function replace(
  cli: Cli,
  api: Api,
  options: FileOptions & { ifVersion?: string },
  id: string,
  file: string | undefined,
): Promise<Workflow | undefined> {
  const before = await api.call('GET', `/workflows/${id}`, Workflow)
  const read = await readWorkflow(cli, options, file)
  const ifVersion = options.ifVersion ?? read.version
  const saved = await put(api, id, read.definition, ifVersion).catch((thrown: unknown) => {
    const diff = diffOf(thrown)
    if (diff !== undefined) cli.io.err(renderDiff(cli.style, diff))
    throw thrown
  })
  return saved.version === before.version ? undefined : saved
}

function put(api: Api, id: string, definition: JsonObject, ifVersion: string | undefined): Promise<Workflow> {
  return api.call('PUT', `/workflows/${id}`, Workflow, {
    ...definition,
    ...(ifVersion === undefined ? {} : { ifVersion }),
  })
}

async function editHere(cli: Cli, api: Api, id: string): Promise<Workflow | undefined> {
  const stored = await api.call('GET', `/workflows/${id}`, Workflow)
  let version = stored.version
  return inEditor(cli, formatWorkflow(stored), async (definition, file) => {
    try {
      return await put(api, id, definition, version)
    } catch (thrown) {
      const diff = diffOf(thrown)
      const current = Workflow.safeParse((thrown as MaestroError).details?.['current'])
      if (diff === undefined || !current.success) throw thrown
      cli.io.err(`It was changed while you edited. Yours against what is stored now:\n${renderDiff(cli.style, diff)}`)
      const answer = await askLine(cli.io, 'Save yours over it (s), edit again (e), or give up (g)? ')
      if (answer === 's') return put(api, id, definition, current.data.version)
      if (answer !== 'e') throw kept(file)
      // From now on the person has seen that one.
      version = current.data.version
      return undefined
    }
  })
}

function diffOf(thrown: unknown): WorkflowDiff | undefined {
  if (!(thrown instanceof MaestroError) || thrown.code !== 'conflict') return undefined
  return WorkflowDiff.safeParse(thrown.details?.['diff']).data
}

const kept = (file: EditedFile) =>
  new MaestroError('cancelled', 'nothing was saved', { hint: `your text is in ${file.path}` })

/**
 * The editor, until what it holds is saved; undefined when nothing was changed. `save` may ask for another round by
 * undefined. After a refusal the problems are shown and the person decides.
 */
async function inEditor(
  cli: Cli,
  text: string,
  save: (definition: JsonObject, file: EditedFile) => Promise<Workflow | undefined>,
): Promise<Workflow | undefined> {
  const file = await createEditedFile(cli.io, 'workflow.yaml', text)
  for (;;) {
    const edited = await file.edit()
    if (edited === text) {
      await file.remove()
      return undefined
    }
    try {
      const saved = await save(parseWorkflowFile(edited, file.path, 'yaml').definition, file)
      if (saved === undefined) continue
      await file.remove()
      return saved
    } catch (thrown) {
      if (!(thrown instanceof MaestroError) || thrown.code !== 'invalid_input') throw thrown
      await reportFailure(cli.io, thrown)
      const answer = await askLine(cli.io, 'Edit again (e) or give up (g)? ')
      if (answer !== 'e' && answer !== '') throw kept(file)
      if (answer === '' && cli.io.stdin.readableEnded) throw kept(file)
    }
  }
}
