// What a file of each known format brings. Pure.

import { aliasesOf, type JsonObject, MaestroError } from '#src/core/index.ts'
import { Bundle, type WorkflowInput } from '../contract.ts'
import { namesOf, promptsOf, toWorkflow } from '../definitions/index.ts'
import type { Brought } from './brought.ts'
import type { Content } from './content.ts'
import { fromRecipe } from './recipe-import.ts'

/** More would hold up everybody else while they are looked through. */
export const maxWorkflows = 1_000

/** @throws `invalid_input` naming what is wrong; `limit_exceeded` */
export function readBrought(content: Content, now: number): Brought {
  switch (content.format) {
    case 'bundle':
      return fromBundle(content.value)
    case 'maistro':
      return fromMaistro(content.items, now)
    case 'goose_recipe':
      return fromRecipe(content.recipe)
  }
}

function fromBundle(value: JsonObject): Brought {
  const parsed = Bundle.safeParse(value)
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 50)
      .map((issue) => ({ path: `content.${issue.path.map(String).join('.')}`, message: issue.message }))
    const list = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
    throw new MaestroError('invalid_input', `the bundle is not valid: ${list.slice(0, 2_000)}`, {
      hint: 'export it again, or mend it by hand',
      issues,
    })
  }
  const { workflows, mcpServers, models } = parsed.data
  return { format: 'bundle', workflows, mcpServers, models, warnings: [] }
}

function fromMaistro(items: readonly JsonObject[], now: number): Brought {
  if (items.length > maxWorkflows) {
    throw new MaestroError('limit_exceeded', `the file has ${items.length} configurations; at most ${maxWorkflows}`, {
      hint: 'import them in parts',
    })
  }
  const aliases = aliasesOf(items, 'workflow')
  const names = namesOf(items, aliases)
  const warnings: string[] = []
  const workflows: (WorkflowInput & { id: string })[] = []
  for (const [at, raw] of items.entries()) {
    const texts = promptsOf(raw).map((prompt) => prompt.text)
    try {
      const {
        version: _version,
        updatedAt: _updatedAt,
        ...input
      } = toWorkflow(raw, aliases[at] ?? '', texts, now, names)
      workflows.push(input)
    } catch (error) {
      if (!(error instanceof MaestroError)) throw error
      warnings.push(`configuration ${at + 1} is left out: ${error.message}`)
    }
  }
  return { format: 'maistro', workflows, mcpServers: [], models: [], warnings }
}
