import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Workflow } from '#src/workflows/contract.ts'
import { formatWorkflow, parseWorkflowFile } from './workflow-file.ts'

const step = (index: number, text: string) => ({ id: `step-${index}`, text })

test('Markdown is prompts as they are, a line of three dashes between two, fields at the top', () => {
  const text = '---\nname: Report\nfolder: a/b\nmodel: m\n---\n\nFirst\n\n- a list\n\n--- \n# Second\r\n---\n\n   \n'
  assert.deepEqual(parseWorkflowFile(text, 'x.md').definition, {
    name: 'Report',
    path: 'a/b',
    model: 'm',
    steps: [step(1, 'First\n\n- a list'), step(2, '# Second')],
  })
})

test('without fields at the top it is called like its file; a border that opens nothing is only a border', () => {
  assert.deepEqual(parseWorkflowFile('One\n---\nTwo', 'notes/Daily news.md').definition, {
    name: 'Daily news',
    steps: [step(1, 'One'), step(2, 'Two')],
  })
  assert.deepEqual(parseWorkflowFile('---\nOnly', 'x.txt').definition, { name: 'x', steps: [step(1, 'Only')] })
})

test('JSON and YAML have the fields of the API; prompts may be plain texts, under either name', () => {
  const expected = { name: 'N', steps: [step(1, 'a'), { id: 'own', text: 'b', model: 'm' }] }
  const json = JSON.stringify({
    id: 'x',
    updatedAt: 1,
    name: 'N',
    prompts: ['a', { id: 'own', text: 'b', model: 'm' }],
  })
  assert.deepEqual(parseWorkflowFile(json, undefined).definition, expected)
  const yaml = 'name: N\nversion: v9\nsteps:\n  - a\n  - {id: own, text: b, model: m}\n'
  assert.deepEqual(parseWorkflowFile(yaml, undefined), { definition: expected, version: 'v9' })
  assert.deepEqual(parseWorkflowFile(yaml, 'whatever.yml').definition, expected)
  assert.deepEqual(parseWorkflowFile('a text\n', undefined).definition, { steps: [step(1, 'a text')] })
})

test('what cannot be read is named with its place; a bomb of aliases is refused', () => {
  const cases: [string, string, RegExp][] = [
    ['{"a":', 'x.json', /x\.json is not valid JSON: /],
    ['[1]', 'x.json', /x\.json holds no workflow: it is a list/],
    ['a: [1', 'x.yaml', /x\.yaml is not valid YAML: .*line 1/],
    ['', 'x.yaml', /holds no workflow: it is empty/],
    ['---\n- 1\n---\ntext', 'x.md', /the block at the top of x\.md is a list/],
  ]
  for (const [text, file, message] of cases)
    assert.throws(() => parseWorkflowFile(text, file), { code: 'invalid_input', message })
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((letter, at) => `${letter}: &${letter} [${`*${'abcdefgh'.charAt(at)},`.repeat(9)}]`),
  ]
  assert.throws(() => parseWorkflowFile(bomb.join('\n'), 'x.yaml'), { code: 'invalid_input' })
})

test('what is written is read back to the letter', () => {
  const odd = [
    'plain',
    'two\nlines\n',
    '---\nrule\n---',
    ' leading',
    'trailing  \n\n',
    '\ttab',
    'crlf\r\nend',
    '# no comment: {{x}} $(y)',
    'emoji 😀',
    '- a\n- b',
    'yes',
    '"',
    "'",
    '',
  ]
  const workflow: Workflow = {
    id: 'w',
    version: 'v',
    updatedAt: 1,
    name: 'Odd: "name"',
    tags: ['a'],
    description: '',
    model: null,
    steps: odd
      .filter((text) => text !== '')
      .map((text, index) => ({ ...step(index + 1, text), maxTurns: 5, model: null })),
    schedule: { enabled: true, time: '09:00', dayOfMonth: '31' },
  }
  const text = formatWorkflow(workflow)
  assert.deepEqual(parseWorkflowFile(text, 'x.yaml').definition, {
    name: 'Odd: "name"',
    tags: ['a'],
    schedule: workflow.schedule,
    steps: workflow.steps.map(({ model: _model, ...rest }) => rest),
  })
  assert.match(text, /^name: /)
  assert.match(text, /text: \|\n {6}two\n {6}lines\n/)
})
