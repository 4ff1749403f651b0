// This run beside an earlier one of the same workflow: figures with what they differ by, answers with what changed.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useState } from 'react'
import type { Run, RunStep } from '#src/workflows/contract.ts'
import { client } from '../../api/api.ts'
import { route } from '../../api/paths.ts'
import { runQuery } from '../../api/queries.ts'
import { cost, duration, exact, shortId, tokens } from '../../lib/format.ts'
import { Empty, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { LineDiff } from '../../ui/diff-view.tsx'
import { StatusWord } from '../../ui/glyph.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { Segments } from '../../ui/segments.tsx'
import { states } from '../../ui/status.ts'
import { compareRuns, type Figure, type Figures, type StepPair } from './compare.ts'

type Layout = 'changes' | 'side'

/** `other` absent: the run before this one. */
export function CompareView({ run, other }: { run: Run; other: string | undefined }) {
  const navigate = useNavigate()
  const [layout, setLayout] = useState<Layout>('changes')
  const earlier = useQuery({
    queryKey: ['runs-before', run.id],
    queryFn: ({ signal }) => client.runs({ workflowId: run.workflowId, until: run.createdAt, limit: 20 }, signal),
  })
  const list = earlier.data?.items.filter((each) => each.id !== run.id) ?? []
  const id = other ?? list[0]?.id
  const before = useQuery({ ...runQuery(id ?? ''), enabled: id !== undefined })

  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="Comparison"
      className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <div className="mx-auto max-w-6xl px-4 pb-16 pt-4 md:px-6">
        {earlier.error !== null && <ErrorCard thrown={earlier.error} onRetry={() => void earlier.refetch()} />}
        {before.error !== null && <ErrorCard thrown={before.error} onRetry={() => void before.refetch()} />}
        {earlier.data !== undefined && id === undefined && (
          <Empty title="Nothing to compare with">This is the first run of the workflow.</Empty>
        )}
        {(earlier.isPending || (before.isPending && id !== undefined)) && <Skeleton rows={5} className="h-12" />}
        {id !== undefined && before.data !== undefined && (
          <>
            <div className="mb-4 flex flex-wrap items-center gap-3">
              <label className="flex min-w-0 items-center gap-2 text-sm text-soft max-sm:w-full">
                <span className="shrink-0">Compared with</span>
                <select
                  className="select field !w-auto min-w-0 max-sm:flex-1"
                  value={id}
                  onChange={(event) =>
                    void navigate({ to: '.', search: (old) => ({ ...old, with: event.target.value }), replace: true })
                  }
                >
                  {!list.some((each) => each.id === id) && <option value={id}>{shortId(id)}</option>}
                  {list.map((each) => (
                    <option key={each.id} value={each.id}>
                      {exact(each.createdAt)}, {states[each.status].word.toLowerCase()}
                    </option>
                  ))}
                </select>
              </label>
              <Segments
                label="Answers"
                value={layout}
                options={[
                  ['changes', 'Changes'],
                  ['side', 'Side by side'],
                ]}
                onChange={setLayout}
              />
              <Link to={route.run} params={{ id }} className="text-sm text-brass-text hover:underline">
                Open the other run
              </Link>
            </div>
            <Comparison before={before.data} after={run} layout={layout} />
          </>
        )}
      </div>
    </div>
  )
}

function Comparison({ before, after, layout }: { before: Run; after: Run; layout: Layout }) {
  const { figures, steps } = compareRuns(before, after)
  return (
    <>
      <section aria-label="The whole run" className="panel p-4">
        <div className="mb-3 flex flex-wrap gap-x-6 gap-y-1 text-sm">
          <span className="flex gap-2">
            <span className="text-faint">Earlier</span> <StatusWord status={before.status} />
          </span>
          <span className="flex gap-2">
            <span className="text-faint">This run</span> <StatusWord status={after.status} />
          </span>
        </div>
        <FigureTable figures={figures} />
      </section>
      <ol className="mt-4 flex flex-col gap-4">
        {steps.map((pair) => (
          <li key={pair.key}>
            <Pair pair={pair} layout={layout} />
          </li>
        ))}
      </ol>
    </>
  )
}

function Pair({ pair, layout }: { pair: StepPair; layout: Layout }) {
  const { before, after } = pair
  return (
    <section aria-label={pair.title} className="panel p-4">
      <h2 className="font-semibold wrap-anywhere">
        {after !== undefined && <span className="text-faint">{after.index + 1}. </span>}
        {pair.title}
      </h2>
      <p className="mt-1 text-sm text-soft">{pairWords(pair)}</p>
      <FigureLine figures={pair.figures} />
      <div className="mt-3">
        {layout === 'changes' && pair.lines !== null ? (
          <LineDiff lines={pair.lines} sides={['Earlier', 'This run']} />
        ) : layout === 'side' ? (
          <div className="grid gap-3 lg:grid-cols-2">
            <Answer title="Earlier" step={before} />
            <Answer title="This run" step={after} />
          </div>
        ) : (
          before?.output != null &&
          before.output === after?.output && <p className="text-sm text-faint">The answers are the same.</p>
        )}
      </div>
    </section>
  )
}

function pairWords({ before, after, hasSamePrompt }: StepPair): string {
  if (before === undefined) return 'Only in this run.'
  if (after === undefined) return 'Only in the other run.'
  const words = [
    states[before.status].word === states[after.status].word
      ? states[after.status].word
      : `${states[before.status].word} then, ${states[after.status].word.toLowerCase()} here`,
    modelOf(before) === modelOf(after)
      ? (modelOf(after) ?? after.agent)
      : `${modelOf(before) ?? before.agent} then, ${modelOf(after) ?? after.agent} here`,
    ...(hasSamePrompt ? [] : ['the prompt was another one']),
    ...(after.isReused ? ['taken over from the run it repeats'] : []),
  ]
  return words.join('; ')
}

/** The one that answered in the end. */
const modelOf = (step: RunStep): string | null => step.attempts.at(-1)?.model ?? step.model

function Answer({ title, step }: { title: string; step: RunStep | undefined }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-xs font-medium text-faint">{title}</h3>
      <div
        tabIndex={0}
        role="group"
        aria-label={`Answer ${title.toLowerCase()}`}
        className="max-h-96 overflow-auto rounded-lg bg-sunken px-3 py-2"
      >
        {step?.output == null || step.output === '' ? (
          <p className="text-soft">No answer.</p>
        ) : (
          <Markdown text={step.output} />
        )}
      </div>
    </div>
  )
}

const rows: readonly (readonly [keyof Figures, string, (value: number) => string])[] = [
  ['durationMs', 'Took', duration],
  ['tokens', 'Tokens', tokens],
  ['costUsd', 'Cost', cost],
]

function FigureTable({ figures }: { figures: Figures }) {
  return (
    <table className="w-full max-w-lg text-sm tabular-nums">
      <thead className="text-xs text-soft">
        <tr>
          <th className="w-1/4 py-0.5 text-left font-medium">Figure</th>
          <th className="w-1/4 text-right font-medium">Earlier</th>
          <th className="w-1/4 text-right font-medium">This run</th>
          <th className="w-1/4 text-right font-medium">Differs by</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([key, title, write]) => (
          <tr key={key} className="border-t border-line">
            <th scope="row" className="py-1 text-left font-normal text-soft">
              {title}
            </th>
            <td className="text-right">{told(figures[key].before, write)}</td>
            <td className="text-right">{told(figures[key].after, write)}</td>
            <td className={clsx('text-right', toneOf(figures[key]))}>{deltaWords(figures[key], write)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The same in one line, for one prompt of many. */
function FigureLine({ figures }: { figures: Figures }) {
  return (
    <dl className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-sm tabular-nums">
      {rows.map(([key, title, write]) => (
        <div key={key} className="flex gap-1.5">
          <dt className="text-soft">{title}</dt>
          <dd>
            {told(figures[key].before, write)}{' '}
            {figures[key].delta !== 0 && (
              <>
                <span aria-hidden="true" className="text-faint">
                  →
                </span>
                <span className="sr-only">then, here</span> {told(figures[key].after, write)}{' '}
              </>
            )}
            <span className={toneOf(figures[key])}>{deltaWords(figures[key], write)}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

const told = (value: number | null, write: (value: number) => string): string =>
  value === null ? 'unknown' : write(value)

/** Less is better for each of them; a tenth either way is noise. */
function toneOf({ before, delta }: Figure): string {
  if (delta === null || before === null || Math.abs(delta) * 10 <= before) return 'text-soft'
  return delta < 0 ? 'text-succeeded' : 'text-waiting'
}

function deltaWords({ before, delta }: Figure, write: (value: number) => string): string {
  if (delta === null) return 'unknown'
  if (delta === 0) return 'same'
  const percent =
    before === null || before === 0
      ? ''
      : ` (${delta > 0 ? '+' : '−'}${Math.round((Math.abs(delta) / before) * 100)} %)`
  return `${delta > 0 ? '+' : '−'}${write(Math.abs(delta))}${percent}`
}
