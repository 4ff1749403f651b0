// The library's part of the stand-in server: folders, moving, copies, versions, remarks, import and export, in
// memory. What it cannot do well (differences, recipes) it answers in the right shape.

import type { Folder, FieldChange, ImportReport, Remark, Workflow, WorkflowVersion } from '#src/workflows/contract.ts'

interface Library {
  read(): Workflow[]
  write(workflows: Workflow[]): void
}

type Answer = [status: number, body: unknown] | undefined

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const isIn = (path: string, folder: string) => folder === '' || path === folder || path.startsWith(`${folder}/`)
const withParents = (path: string): string[] => (path === '' ? [] : [...withParents(parentOf(path)), path])

/** `answer` is undefined for what is not the library's. */
export function createMockLibrary({ read, write }: Library) {
  let folders = new Set(['archive', 'team/empty'].flatMap(withParents))
  const kept = new Map<string, Workflow[]>()

  const all = () => new Set([...folders, ...read().flatMap(({ path = '' }) => withParents(path))])
  const folder = (path: string): Folder => ({
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    parentPath: parentOf(path),
    workflowCount: read().filter((each) => (each.path ?? '') === path).length,
    totalCount: read().filter((each) => isIn(each.path ?? '', path)).length,
  })
  function rename(from: string, to: string) {
    const renamed = (path: string) => (isIn(path, from) ? `${to}${path.slice(from.length)}`.replace(/^\//, '') : path)
    folders = new Set([...folders].map(renamed).flatMap(withParents))
    write(read().map((each) => ({ ...each, path: renamed(each.path ?? '') })))
  }
  const change = (id: string, part: Partial<Workflow>) => {
    write(
      read().map((each) =>
        each.id === id ? { ...each, ...part, version: `${each.version}+`, updatedAt: Date.now() } : each,
      ),
    )
    return read().find((each) => each.id === id)
  }
  const add = (workflow: Workflow) => {
    write([workflow, ...read()])
    return workflow
  }
  /** The one that is stored, and one that somebody saved an hour before it. */
  function versions(workflow: Workflow): Workflow[] {
    const old = kept.get(workflow.id) ?? [
      { ...workflow, version: 'v0', updatedAt: workflow.updatedAt - 3_600_000, steps: workflow.steps.slice(0, 1) },
    ]
    kept.set(workflow.id, old)
    return [workflow, ...old]
  }

  function answer(method: string, path: string, query: URLSearchParams, body: unknown): Answer {
    const text = body as Record<string, string>
    const [room, id = '', verb = '', ...rest] = path.split('/').map(decodeURIComponent)
    const workflow = read().find((each) => each.id === id)
    switch (`${method} ${room}`) {
      case 'GET folders':
        return [200, { items: [...all()].sort().map(folder) }]
      case 'POST folders':
        if (id === 'move') {
          rename(text['path'] ?? '', text['newPath'] ?? '')
          return [200, folder(text['newPath'] ?? '')]
        }
        folders = new Set([...folders, ...withParents(text['path'] ?? '')])
        return [201, folder(text['path'] ?? '')]
      case 'DELETE folders': {
        const gone = query.get('path') ?? ''
        const moved = read().filter((each) => isIn(each.path ?? '', gone)).length
        folders.delete(gone)
        rename(gone, parentOf(gone))
        return [200, { moved }]
      }
      case 'GET export': {
        const ids = query.getAll('workflowId')
        const chosen = read().filter(
          (each) => (ids.length === 0 || ids.includes(each.id)) && isIn(each.path ?? '', query.get('path') ?? ''),
        )
        return [
          200,
          {
            maestroBundle: 1,
            exportedAt: Date.now(),
            workflows: chosen,
            mcpServers: [],
            models: [],
            requiredSecrets: [],
          },
        ]
      }
      case 'POST import':
        return [200, importBundle(body as { content: string; path?: string; dryRun?: boolean })]
    }
    if (room !== 'workflows' || (workflow === undefined && id !== 'validate')) return undefined
    if (id === 'validate') return [200, { remarks: remarksOn(body as { definition: Workflow }) }]
    if (workflow === undefined) return undefined
    switch (`${method} ${verb}`) {
      case 'POST duplicate':
        return [201, add({ ...workflow, id: `${id}-copy-${read().length}`, name: `${workflow.name} (copy)` })]
      case 'POST move':
        return [200, change(id, { path: text['path'] ?? '' })]
      case 'GET versions': {
        if (rest[0] !== undefined) return [200, versions(workflow).find(({ version }) => version === rest[0])]
        return [200, { items: versions(workflow).map((each, index) => asVersion(each, index === 0)) }]
      }
      case 'POST versions': {
        const old = versions(workflow).find(({ version }) => version === rest[0])
        return [200, change(id, old === undefined ? {} : { steps: old.steps })]
      }
      case 'GET diff':
        return [
          200,
          { from: query.get('from') ?? '', to: query.get('to') ?? workflow.version, changes: sampleChanges(workflow) },
        ]
      case 'GET recipe':
        return [
          200,
          {
            yaml: `version: 1.0.0\ntitle: ${workflow.name}\nprompt: |\n  ${workflow.steps[0]?.text ?? ''}\n`,
            warnings: [],
          },
        ]
    }
    return undefined
  }

  function importBundle(input: { content: string; path?: string; dryRun?: boolean }): ImportReport {
    const bundle = JSON.parse(input.content) as { workflows: Workflow[] }
    const found = bundle.workflows.map((each) => ({
      ...each,
      id: `${each.id}-${read().length}`,
      path: input.path ?? '',
    }))
    if (input.dryRun !== true) for (const each of found) add({ ...each, version: 'v1', updatedAt: Date.now() })
    return {
      format: 'bundle',
      dryRun: input.dryRun === true,
      workflows: found.map(({ name, id, path, steps }) => ({
        name,
        id,
        action: 'create',
        path,
        stepCount: steps.length,
      })),
      mcpServers: [{ id: 'files', name: 'Files', action: 'create' }],
      models: [],
      commands: ['npx -y @modelcontextprotocol/server-filesystem /srv/projects'],
      requiredSecrets: ['FILES_TOKEN'],
      warnings: [],
    }
  }

  return { answer }
}

const asVersion = (workflow: Workflow, isCurrent: boolean): WorkflowVersion => ({
  version: workflow.version,
  savedAt: workflow.updatedAt,
  savedBy: isCurrent ? { kind: 'browser', sessionId: 'mock' } : null,
  name: workflow.name,
  stepCount: workflow.steps.length,
  summary: isCurrent ? 'Prompt 1 changed' : '',
  isCurrent,
})

const sampleChanges = (workflow: Workflow): FieldChange[] => [
  { path: 'model', label: 'Model', kind: 'changed', before: null, after: 'openai/gpt-5-mini', lines: null },
  {
    path: 'steps.0.text',
    label: 'Prompt 1',
    kind: 'changed',
    before: undefined,
    after: undefined,
    lines: [
      { op: 'removed', text: 'Read it and say what would break.' },
      { op: 'added', text: workflow.steps[0]?.text ?? '' },
    ],
  },
]

function remarksOn({ definition }: { definition: Workflow }): Remark[] {
  return definition.steps.flatMap((step, index): Remark[] =>
    step.model === 'nobody/knows'
      ? [
          {
            level: 'warning',
            path: `steps.${index}.model`,
            message: 'No provider in the list has this model.',
            hint: 'Choose one of the list.',
          },
        ]
      : [],
  )
}
