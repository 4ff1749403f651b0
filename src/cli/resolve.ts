// From what a person types to one workflow or run. Never guesses: two candidates are an error that lists them.

import { editDistance, MaestroError } from '#src/core/index.ts'
import type { WorkflowSummary } from '#src/workflows/contract.ts'
import { ApprovalList, RuleList, RunPage, TaskPage, WorkflowList } from './answers.ts'
import type { Api } from './api.ts'
import { moment } from './format.ts'
import { clip } from './style.ts'

interface Named {
  readonly id: string
  readonly name: string
}

interface Nouns {
  /** As in `no workflow has the id or name "x"`. */
  readonly one: string
  readonly many: string
  /** The command that lists them. */
  readonly list: string
}

/**
 * By id, else by name (any case).
 * @throws `not_found` with the nearest ones; `invalid_input` when several have the name.
 */
export function findNamed<T extends Named>(items: readonly T[], typed: string, nouns: Nouns): T {
  const byId = items.find((item) => item.id === typed)
  if (byId !== undefined) return byId
  const wanted = typed.trim().toLowerCase()
  const named = items.filter((item) => item.name.toLowerCase() === wanted)
  if (named.length === 1 && named[0] !== undefined) return named[0]
  if (named.length > 1) {
    throw new MaestroError(
      'invalid_input',
      `${named.length} ${nouns.many} are called "${typed}": ${named.map(({ id }) => id).join(', ')}`,
      {
        hint: 'name it by its id',
      },
    )
  }
  const near = nearest(items, wanted)
  throw new MaestroError('not_found', `no ${nouns.one} has the id or name "${typed}"`, {
    hint:
      near.length === 0
        ? `${nouns.list} lists them`
        : `did you mean ${near.map(({ id, name }) => (id === name ? id : `${id} ("${name}")`)).join(' or ')}?`,
  })
}

/** At most three, nearest first: what holds the text, or is within a third of its length in edits. */
export function nearest<T extends Named>(items: readonly T[], typed: string): T[] {
  const wanted = typed.toLowerCase()
  if (wanted === '') return []
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  const far = (text: string): number =>
    text.toLowerCase().includes(wanted) && wanted.length > 1 ? 0 : editDistance(wanted, text)
  return items
    .map((item) => ({ item, far: Math.min(far(item.id), far(item.name)) }))
    .filter((candidate) => candidate.far <= limit)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ item }) => item)
}

const workflowNouns = { one: 'workflow', many: 'workflows', list: 'maestro workflows' }

export async function findWorkflow(api: Api, typed: string): Promise<WorkflowSummary> {
  return findNamed((await api.call('GET', '/workflows', WorkflowList)).items, typed, workflowNouns)
}

/** How far back a short id is looked up: pages of 500. */
const maxPages = 20

interface Ids {
  /** What its ids begin with. */
  readonly kind: 'run' | 'command' | 'apr' | 'rule'
  /** What people call it, when that is not `kind`. */
  readonly noun?: string
  /** The command that lists them. */
  readonly list: string
  page(cursor: string | null): Promise<{ items: readonly { id: string; label: string }[]; next: string | null }>
}

const after = (cursor: string | null): string => (cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`)

/**
 * A run's whole id, from it or from its first six letters or more.
 * @throws `invalid_input` when it is no id, too short or fits several; `not_found`.
 */
export function resolveRunId(api: Api, typed: string): Promise<string> {
  return resolveId(typed, {
    kind: 'run',
    list: 'maestro runs',
    async page(cursor) {
      const { items, next } = await api.call('GET', `/runs?limit=500${after(cursor)}`, RunPage)
      return { items: items.map((run) => ({ id: run.id, label: labelOf(run.workflowName, run.createdAt) })), next }
    },
  })
}

/** The same for a command. */
export function resolveCommandId(api: Api, typed: string): Promise<string> {
  return resolveId(typed, {
    kind: 'command',
    list: 'maestro tasks',
    async page(cursor) {
      const { items, next } = await api.call('GET', `/tasks?kind=command&limit=500${after(cursor)}`, TaskPage)
      return { items: items.map((task) => ({ id: task.id, label: labelOf(task.title, task.createdAt) })), next }
    },
  })
}

/** The same for an approval. */
export function resolveApprovalId(api: Api, typed: string): Promise<string> {
  return resolveId(typed, {
    kind: 'apr',
    noun: 'approval',
    list: 'maestro approvals',
    async page() {
      const { items } = await api.call('GET', '/approvals?limit=500', ApprovalList)
      return { items: items.map((one) => ({ id: one.id, label: labelOf(one.tool, one.createdAt) })), next: null }
    },
  })
}

/** The same for a rule. */
export function resolveRuleId(api: Api, typed: string): Promise<string> {
  return resolveId(typed, {
    kind: 'rule',
    list: 'maestro rules',
    async page() {
      const { items } = await api.call('GET', '/rules', RuleList)
      return { items: items.map((one) => ({ id: one.id, label: labelOf(one.effect, one.createdAt) })), next: null }
    },
  })
}

const labelOf = (name: string, at: number): string => `${clip(name, 60)}, ${moment(at)}`

async function resolveId(typed: string, ids: Ids): Promise<string> {
  const { kind, noun = kind } = ids
  const [, letters] = new RegExp(`^(?:${kind}_)?([0-9a-z]{6,26})$`).exec(typed.trim().toLowerCase()) ?? []
  if (letters === undefined) {
    throw new MaestroError(
      'invalid_input',
      `"${typed}" is not the id of ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}: that is ${kind}_ and at least the first 6 letters of the rest`,
      { hint: `${ids.list} lists them` },
    )
  }
  if (letters.length === 26) return `${kind}_${letters}`
  const found: { id: string; label: string }[] = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const { items, next }: Awaited<ReturnType<Ids['page']>> = await ids.page(cursor)
    found.push(...items.filter(({ id }) => id.startsWith(`${kind}_${letters}`)))
    if (next === null) break
    cursor = next
  }
  if (found.length === 1 && found[0] !== undefined) return found[0].id
  if (found.length === 0) {
    throw new MaestroError('not_found', `no ${noun} has an id that begins with "${typed}"`, {
      hint: `${ids.list} lists them`,
    })
  }
  const list = found.slice(0, 5).map(({ id, label }) => `${id} (${label})`)
  throw new MaestroError(
    'invalid_input',
    `${found.length} ${noun}s have an id that begins with "${typed}": ${list.join(', ')}`,
    { hint: 'give more letters, or the whole id' },
  )
}
