// What agents may do: rules as sentences, the strongest first. Deleting one can be undone.

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus, Trash2 } from 'lucide-react'
import type { Rule } from '#src/calls/contract.ts'
import { route } from '../../api/paths.ts'
import { rules, rulesQuery, useRuleWrite } from '../../api/policy.ts'
import { Page } from '../../app/page.tsx'
import { actorWords } from '../../lib/actor.ts'
import { Ago, CopyButton, Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { AddRule } from './add-rule.tsx'
import { EffectMark } from './effect-mark.tsx'
import { RuleSentence } from './rule-sentence.tsx'
import { PolicyTabs } from './tabs.tsx'

const strongest: Record<Rule['effect'], number> = { deny: 0, ask: 1, allow: 2 }

export function RulesPage() {
  const list = useQuery(rulesQuery)
  const { add: adding } = useSearch({ from: route.rules })
  const navigate = useNavigate()
  const setAdding = (isOpen: boolean) =>
    void navigate({ to: '.', search: (old) => ({ ...old, add: isOpen ? true : undefined }), replace: true })
  const items = [...(list.data ?? [])].sort(
    (a, b) => strongest[a.effect] - strongest[b.effect] || b.createdAt - a.createdAt,
  )
  return (
    <Page
      title="Rules"
      actions={
        <>
          <PolicyTabs />
          <Button look="primary" icon={<Plus className="size-4" />} onClick={() => setAdding(true)}>
            Add a rule
          </Button>
        </>
      }
    >
      <div className="mx-auto flex max-w-4xl flex-col gap-4 px-4 py-5 md:px-6">
        <p className="max-w-2xl text-soft">
          For programs: MCP clients, tokens, agents of a run. You yourself, on this page and the command line, are not
          bound. Of all rules that hold for a call, deny wins, then ask, then allow; without one it may do what its
          scopes say.
        </p>
        {list.error !== null && list.data === undefined && (
          <ErrorCard thrown={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.isPending && <Skeleton rows={3} className="h-14" />}
        {list.data?.length === 0 && (
          <Empty
            title="No rules yet"
            action={
              <Button look="primary" onClick={() => setAdding(true)}>
                Add the first rule
              </Button>
            }
          >
            Every agent may do what its scopes say, and every change is on record. A rule narrows that: it denies, or it
            asks you first.
          </Empty>
        )}
        {items.length > 0 && (
          <ul aria-label="Rules" className="panel divide-y divide-line">
            {items.map((rule) => (
              <Row key={rule.id} rule={rule} />
            ))}
          </ul>
        )}
      </div>
      {adding === true && <AddRule onClose={() => setAdding(false)} />}
    </Page>
  )
}

function Row({ rule }: { rule: Rule }) {
  const remove = useRuleWrite(rules.remove)
  const add = useRuleWrite(rules.add)
  const toasts = useToasts()
  const again = {
    effect: rule.effect,
    client: rule.client,
    tool: rule.tool,
    host: rule.host,
    path: rule.path,
    command: rule.command,
    note: rule.note,
  }

  // The row is gone by the time of an answer: only a promise still hears it.
  async function onDelete() {
    try {
      await remove.mutateAsync(rule.id)
      toasts.say('The rule is deleted', {
        label: 'Undo',
        run: () => void add.mutateAsync(definedOnly(again)).catch((thrown: unknown) => toasts.fail(thrown)),
      })
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }

  return (
    <li className="flex items-start gap-3 px-5 py-3">
      <EffectMark effect={rule.effect} className="mt-0.5 w-30 shrink-0 max-sm:w-auto" />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          <RuleSentence rule={rule} />
        </p>
        {rule.note !== undefined && rule.note !== '' && <p className="mt-0.5 text-sm text-soft">{rule.note}</p>}
        <p className="mt-0.5 text-xs text-faint">
          {actorWords(rule.createdBy)}, <Ago at={rule.createdAt} />
        </p>
      </div>
      <span className="-my-1 flex">
        <CopyButton label="Copy the rule's id" text={() => rule.id} />
        <IconButton label="Delete the rule" disabled={remove.isPending} onClick={() => void onDelete()}>
          <Trash2 />
        </IconButton>
      </span>
    </li>
  )
}

/** Without what is not set: the server takes absent, not empty. */
function definedOnly<T extends object>(value: T) {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== '')) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
