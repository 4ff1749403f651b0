// Diffs: lines as a property over random texts, workflows as cases, and the bounds on hostile sizes.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDice } from '#src/core/testing/random.ts'
import type { WorkflowInput } from '../contract.ts'
import { diffWorkflows, summaryOf } from './diff.ts'
import { diffLines } from './line-diff.ts'

describe('lines', () => {
  test('what is same and removed is the old text, what is same and added the new one, with the fewest changes', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const dice = createDice(seed)
      const text = () => Array.from({ length: dice(7) }, () => 'abc'.charAt(dice(3))).join('\n')
      const [before, after] = [text(), text()]
      const lines = diffLines(before, after)
      const of = (...ops: string[]) =>
        lines.flatMap(({ op, text: line }) => (ops.includes(op) ? [line] : [])).join('\n')
      if (lines.some(({ op }) => op === 'gap')) continue
      assert.equal(of('same', 'removed'), before, `seed ${seed}`)
      assert.equal(of('same', 'added'), after, `seed ${seed}`)
      const changed = lines.filter(({ op }) => op !== 'same').length
      assert.equal(changed, fewestChanges(before.split('\n'), after.split('\n')), `seed ${seed}`)
    }
  })

  test('far from a change nothing is told but how much was left out', () => {
    const text = Array.from({ length: 100 }, (_, n) => `line ${n}`)
    const changed = text.with(50, 'another')
    assert.deepEqual(
      diffLines(text.join('\n'), changed.join('\n')).map(({ op, text: line }) => `${op} ${line}`),
      [
        'gap 47 lines',
        'same line 47',
        'same line 48',
        'same line 49',
        'removed line 50',
        'added another',
        'same line 51',
        'same line 52',
        'same line 53',
        'gap 46 lines',
      ],
    )
    assert.deepEqual(diffLines('same', 'same'), [{ op: 'same', text: 'same' }])
  })

  const million = 1_000_000
  const hostile: [name: string, before: string, after: string][] = [
    ['one line of a megabyte', 'a'.repeat(million), 'b'.repeat(million)],
    ['half a million empty lines against none', '\n'.repeat(million / 2), ''],
    ['many lines, all different', numbers(100_000, 'a'), numbers(100_000, 'b')],
    ['many lines, every other one changed', numbers(100_000, 'a'), numbers(100_000, 'a').replace(/[13579]a/g, 'x')],
    ['many equal lines, moved', `x\n${'y\n'.repeat(200_000)}`, `${'y\n'.repeat(200_000)}x`],
  ]
  for (const [name, before, after] of hostile) {
    test(`of ${name} are bounded`, () => {
      const lines = diffLines(before, after)
      assert.ok(lines.length <= 2_010, `${lines.length} lines`)
      assert.ok(JSON.stringify(lines).length < 3 * million)
      assert.ok(lines.some(({ op }) => op !== 'same'))
    })
  }
})

function numbers(count: number, letter: string): string {
  return Array.from({ length: count }, (_, n) => `${n}${letter}`).join('\n')
}

/** By the textbook's table. */
function fewestChanges(a: readonly string[], b: readonly string[]): number {
  const common = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const row = common[i] ?? []
      const above = common[i - 1] ?? []
      row[j] = a[i - 1] === b[j - 1] ? (above[j - 1] ?? 0) + 1 : Math.max(above[j] ?? 0, row[j - 1] ?? 0)
    }
  }
  return a.length + b.length - 2 * (common[a.length]?.[b.length] ?? 0)
}

const base: WorkflowInput = {
  name: 'Name',
  path: 'a',
  steps: [
    { id: 'one', text: 'first' },
    { id: 'two', text: 'second\nline', model: 'm/1' },
    { id: 'three', text: 'third' },
  ],
}

const told = (after: WorkflowInput, before = base) =>
  diffWorkflows(before, after, 'x', 'y').changes.map(({ path, kind, before: old, after: now }) => [
    path,
    kind,
    old,
    now,
  ])

describe('workflows', () => {
  test('that say the same in other words do not differ', () => {
    const other = { ...base, description: '', tags: [], model: null, schedule: null, onSuccess: null }
    assert.deepEqual(told({ ...other, steps: base.steps.map((step) => ({ ...step, mcpServerIds: [] })) }), [])
    assert.equal(summaryOf(diffWorkflows(base, other, '', '')), 'Nothing that shows')
  })

  test('differ field by field, in deep values too', () => {
    const onSuccess = { workflowId: 'w', enabled: true, preserveSession: false }
    assert.deepEqual(told({ ...base, name: 'New', path: '', tags: ['t'], onSuccess }), [
      ['name', 'changed', 'Name', 'New'],
      ['path', 'removed', 'a', null],
      ['tags', 'added', null, ['t']],
      ['onSuccess', 'added', null, onSuccess],
    ])
    assert.deepEqual(told({ ...base, onSuccess }, { ...base, onSuccess: { ...onSuccess } }), [])
    assert.deepEqual(told({ ...base, schedule: { days: ['mon'] } }, { ...base, schedule: { days: ['tue'] } }), [
      ['schedule', 'changed', { days: ['tue'] }, { days: ['mon'] }],
    ])
  })

  test('know a prompt by its id: added, removed, moved, changed', () => {
    const [one, two, three] = base.steps
    assert.ok(one !== undefined && two !== undefined && three !== undefined)
    assert.deepEqual(told({ ...base, steps: [three, one, two] }), [['steps.0', 'moved', 2, 0]])
    const changed = { ...two, model: 'm/2', text: 'second\nother' }
    const diff = diffWorkflows(
      base,
      { ...base, steps: [one, changed, { id: 'four', text: 'new', name: 'Four' }] },
      '',
      '',
    )
    assert.deepEqual(
      diff.changes.map(({ path, label, kind, lines }) => [path, label, kind, lines?.length ?? null]),
      [
        ['steps.2', 'Prompt 3', 'removed', 1],
        ['steps.1.text', 'Prompt 2: text', 'changed', 3],
        ['steps.1.model', 'Prompt 2: model', 'changed', null],
        ['steps.2', 'Prompt 3', 'added', 1],
      ],
    )
    assert.equal(summaryOf(diff), 'Prompt 3 removed; prompt 2: text, model; prompt 3 added')
    assert.deepEqual(diff.changes.at(-1)?.after, { id: 'four', name: 'Four' })
  })

  test('in random orders: exactly the fewest prompts count as moved, and the diff the other way mirrors it', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const dice = createDice(seed)
      const all = Array.from({ length: 6 }, (_, n) => ({ id: `s${n}`, text: `text ${n}` }))
      const shuffled = () => all.filter(() => dice(4) > 0).sort(() => dice(3) - 1)
      const [before, after] = [shuffled(), shuffled()].map((steps) => ({ name: 'N', steps }))
      assert.ok(before !== undefined && after !== undefined)
      const there = diffWorkflows(before, after, '', '').changes
      const back = diffWorkflows(after, before, '', '').changes
      const count = (changes: typeof there, kind: string) => changes.filter((change) => change.kind === kind).length
      assert.equal(count(there, 'added'), count(back, 'removed'), `seed ${seed}`)
      assert.equal(count(there, 'removed'), count(back, 'added'), `seed ${seed}`)
      assert.equal(count(there, 'moved'), count(back, 'moved'), `seed ${seed}`)
    }
  })
})
