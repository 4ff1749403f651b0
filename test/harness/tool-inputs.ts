// An input for every tool that a test may call on a server of its own: one that makes the tool work where that is
// harmless, else one that it must refuse with a typed error.

/** What the test has prepared on its server. */
export interface ToolWorld {
  /** A folder that may be written to. */
  readonly folder: string
  readonly runId: string
}

/** Not called: they would end the server, or fetch programs from the network. */
export const leftOut: ReadonlySet<string> = new Set(['system_stop', 'stop_all', 'agent_install'])

type Input = Readonly<Record<string, unknown>>

/** Inputs that must succeed. */
export function workingInputs({ folder, runId }: ToolWorld): Readonly<Record<string, Input>> {
  const file = `${folder}/note.txt`
  const workflow = { workflowId: 'sample' }
  return {
    maestro_exec: { command: 'echo here' },
    maestro_script: { script: 'echo here' },
    maestro_hosts: {},
    maestro_status: {},
    task: { action: 'list' },
    maestro_write: { path: file, content: 'one line\n' },
    maestro_read: { path: file },
    maestro_edit: { path: file, edits: [{ old: 'one', new: 'a' }] },
    maestro_find: { path: folder },
    maestro_copy: { from: { path: file }, to: { path: `${folder}/copied.txt` } },
    maestro_upload: { local_path: file, remote_path: `${folder}/uploaded.txt` },
    maestro_download: { remote_path: file, local_path: `${folder}/downloaded.txt` },
    workflow_list: {},
    workflow_get_all: {},
    workflow_get: workflow,
    workflow_validate: { definition: { name: 'x', steps: [{ text: 'Say hello' }] } },
    workflow_versions: workflow,
    workflow_export: workflow,
    workflow_recipe: workflow,
    workflows_export: {},
    folder_list: {},
    run_list: {},
    run_get: { runId },
    task_list: {},
    task_get: { taskId: runId },
    agent_list: {},
    mcp_server_list: {},
    models_view: {},
    provider_list: {},
    budget_get: {},
    spend_view: {},
    model_calls: { runId },
    token_list: {},
    secret_list: {},
    rule_list: {},
    // Of no tool there is: a rule for all would be in the way of what follows.
    rule_add: { effect: 'allow', tool: `nothing-of-${runId}` },
    approval_list: {},
    audit_list: {},
    audit_verify: {},
    brakes_get: {},
    mcp_connect: {},
    doctor: {},
  }
}

interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly minimum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** The smallest thing that has the shape asked for, and names nothing that is there. */
export function shapeOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const [option] = schema.anyOf ?? schema.oneOf ?? []
  if (option !== undefined) return shapeOf(option)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((key) => [key, shapeOf(schema.properties?.[key] ?? {})]))
    case 'array':
      return []
    case 'number':
    case 'integer':
      return schema.minimum ?? 1
    case 'boolean':
      return false
    default:
      return 'nothing-of-this-name'
  }
}
