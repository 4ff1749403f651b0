// Rules and brakes of all nodes: kept in the database, and in memory for the next call. Every change raises the
// version on the one policy row; who records a change names the version it was judged by (audit.ts), so that a node
// which has not heard yet looks again instead of acting by old rules.

import { type Actor, type Clock, type Ids, type Log, MaestroError } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import type { Brakes, NewRule } from './contract.ts'
import { Rule } from './contract.ts'
import type { CallsTables } from './migrations.ts'
import { type ReadyRule, readyRule } from './rules.ts'

export type PolicyPart = 'rules' | 'brakes' | 'approvals'

export interface PolicyState {
  readonly version: number
  readonly brakes: Brakes
  readonly rules: readonly ReadyRule[]
}

export interface Control {
  /** From memory as long as nothing was heard to change. */
  current(): Promise<PolicyState>
  /** From the database. */
  reload(): Promise<PolicyState>
  listRules(): Promise<Rule[]>
  /** @throws `conflict` for a rule that is there already; `limit_exceeded` */
  addRule(actor: Actor, rule: NewRule): Promise<Rule>
  /** @throws `not_found` */
  deleteRule(id: string): Promise<Rule>
  brakes(): Promise<Brakes>
  setBrakes(actor: Actor, change: { paused?: boolean | undefined; readOnly?: boolean | undefined }): Promise<Brakes>
  /** Asked of the database, in the caller's transaction: for who is about to start something. */
  isPaused(): Promise<boolean>
  /** Tells every node, when the current transaction commits. */
  tell(part: PolicyPart): Promise<void>
  /** Calls back after a change on any node, this one too. May be one time too often, never too few. */
  watch(onChanged: (part: PolicyPart) => void): Disposable
  /** Begins to hear of other nodes' changes. */
  listen(): Promise<AsyncDisposable>
}

const channel = 'calls_policy'
const maxRules = 500
const allParts: readonly PolicyPart[] = ['rules', 'brakes', 'approvals']

export function createControl(deps: { store: Store; clock: Clock; ids: Ids; log: Log }): Control {
  const { store, clock, ids, log } = deps
  const db = () => store.db<CallsTables>()
  const watchers = new Set<(part: PolicyPart) => void>()
  let kept: Promise<PolicyState> | undefined

  const heard = (part: PolicyPart): void => {
    if (part !== 'approvals') kept = undefined
    for (const watcher of watchers) watcher(part)
  }

  async function load(): Promise<PolicyState> {
    // The version first: rules that are newer than it cost one more look, older ones would not be noticed.
    const row = await policyRow()
    const rules = (await listRules()).map(readyRule)
    return { version: row.version, brakes: brakesOf(row), rules }
  }

  function reload(): Promise<PolicyState> {
    const loading = load()
    kept = loading
    loading.catch(() => {
      if (kept === loading) kept = undefined
    })
    return loading
  }

  const policyRow = () => db().selectFrom('calls_policy').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()

  async function listRules(): Promise<Rule[]> {
    const rows = await db().selectFrom('calls_rules').select('body').orderBy('created_at').orderBy('id').execute()
    return rows.map(({ body }) => Rule.parse(JSON.parse(body)))
  }

  /** Within a transaction; also the lock under which rules and brakes change. */
  async function raiseVersion(part: PolicyPart): Promise<void> {
    await db()
      .updateTable('calls_policy')
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('id', '=', 1)
      .execute()
    await tell(part)
  }

  async function tell(part: PolicyPart): Promise<void> {
    await store.notify(channel, part)
    // This node's next call must not wait for the message.
    store.afterCommit(() => heard(part))
  }

  return {
    current: () => kept ?? reload(),
    reload,
    listRules,
    tell,

    addRule: (actor, given) =>
      store.tx(async () => {
        await raiseVersion('rules')
        const rules = await listRules()
        const twin = rules.find((one) => sameRule(one, given))
        if (twin !== undefined) {
          throw new MaestroError('conflict', `there is such a rule already: ${twin.id}`, {
            details: { ruleId: twin.id },
          })
        }
        if (rules.length >= maxRules) {
          throw new MaestroError('limit_exceeded', `there are ${rules.length} rules; at most ${maxRules} are kept`, {
            hint: 'join some: * and ** stand for many names and paths',
          })
        }
        const rule: Rule = { ...given, id: ids('rule'), createdAt: clock.now(), createdBy: actor }
        await db()
          .insertInto('calls_rules')
          .values({ id: rule.id, body: JSON.stringify(rule), created_at: rule.createdAt })
          .execute()
        return rule
      }),

    deleteRule: (id) =>
      store.tx(async () => {
        const row = await db().deleteFrom('calls_rules').where('id', '=', id).returning('body').executeTakeFirst()
        if (row === undefined) {
          throw new MaestroError('not_found', `there is no rule "${id.slice(0, 100)}"`, { hint: 'see `maestro rules`' })
        }
        await raiseVersion('rules')
        return Rule.parse(JSON.parse(row.body))
      }),

    brakes: async () => brakesOf(await policyRow()),

    setBrakes: (actor, change) =>
      store.tx(async () => {
        await raiseVersion('brakes')
        const before = brakesOf(await policyRow())
        const after = { paused: change.paused ?? before.paused, readOnly: change.readOnly ?? before.readOnly }
        if (after.paused === before.paused && after.readOnly === before.readOnly) return before
        const isFree = !after.paused && !after.readOnly
        const row = await db()
          .updateTable('calls_policy')
          .set({
            paused: after.paused,
            read_only: after.readOnly,
            since: isFree ? null : clock.now(),
            changed_by: isFree ? null : JSON.stringify(actor),
          })
          .where('id', '=', 1)
          .returningAll()
          .executeTakeFirstOrThrow()
        return brakesOf(row)
      }),

    isPaused: async () => (await policyRow()).paused,

    watch(onChanged) {
      watchers.add(onChanged)
      return { [Symbol.dispose]: () => void watchers.delete(onChanged) }
    },

    listen: () =>
      store.listen(
        channel,
        (payload) => {
          const part = allParts.find((one) => one === payload)
          if (part === undefined) log.debug({ payload }, 'a message about the policy that this version does not know')
          else heard(part)
        },
        () => allParts.forEach(heard),
      ),
  }
}

function brakesOf(row: CallsTables['calls_policy']): Brakes {
  return {
    paused: row.paused,
    readOnly: row.read_only,
    since: row.since,
    by: row.changed_by === null ? null : (JSON.parse(row.changed_by) as Actor),
  }
}

/** Notes aside. */
function sameRule(one: NewRule, other: NewRule): boolean {
  return (['effect', 'client', 'tool', 'host', 'path', 'command'] as const).every((key) => one[key] === other[key])
}
