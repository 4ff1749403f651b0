// Recipes in and out. What goes out is read by the real Goose where it is here.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { createDice } from '#src/core/testing/random.ts'
import { findPart, without } from '#test/parts.ts'
import { parse } from 'yaml'
import type { Workflow } from '../contract.ts'
import { toRecipe } from './recipe-export.ts'
import { fromRecipe } from './recipe-import.ts'
import { escapeTemplate, fillIn } from './recipe-template.ts'

const workflow = (text: string, extra: Partial<Workflow> = {}): Workflow => ({
  id: 'w',
  name: 'Name',
  version: '1',
  updatedAt: 1,
  steps: [{ id: 's1', text }],
  ...extra,
})

/** Texts of the pieces that templates and YAML care about, put together at random. */
function oddText(seed: number): string {
  const dice = createDice(seed)
  const pieces = [
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{% raw %}',
    '{% endraw %}',
    '{%- endraw -%}',
    "'",
    '"',
    '\\',
    ' x ',
  ]
  const more = ['\n', '  ', '- ', ': ', '#', '{', '}', '|', '🎼', '\t', '$(x)', '`', '{{ a }}', "{{ '{%' }}"]
  const all = [...pieces, ...more]
  return `a${Array.from({ length: 1 + dice(12) }, () => all[dice(all.length)]).join('')}z`
}

describe('template marks', () => {
  test('of any text are escaped so that the template gives the text', () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const text = oddText(seed)
      assert.deepEqual(fillIn(escapeTemplate(text), new Map()), { text, missing: [], hasLogic: false }, `seed ${seed}`)
    }
  })
  test('get the values that are known; the rest stands as it was and is told', () => {
    const filled = fillIn('{{ a }} {{b}} {{ c | upper }} {% raw %}{{ a }}{% endraw %}', new Map([['a', '{{ b }}']]))
    assert.deepEqual(filled, { text: '{{ b }} {{b}} {{ c | upper }} {{ a }}', missing: ['b'], hasLogic: true })
  })
})

test('raw blocks: the first end counts, one without an end is text, and a megabyte of begins is read in one pass', () => {
  const values = new Map([['a', '1']])
  const textOf = (text: string) => fillIn(text, values).text
  assert.equal(textOf('{%raw%}{{a}}{%raw%}{{a}}{%endraw%}{{a}}{%endraw%}'), '{{a}}{%raw%}{{a}}1{%endraw%}')
  assert.equal(
    textOf('{%endraw%}{{a}}{%- raw -%}{{a}}{% endraw %}{{ a }}{% raw %}{{a}}'),
    '{%endraw%}1{{a}}1{% raw %}1',
  )
  const begins = '{%raw%}'.repeat(200_000)
  assert.equal(textOf(begins), begins)
})

describe('the real Goose', { skip: without('goose') }, () => {
  test('reads exactly the texts that were written, whatever is in them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maestro-recipe-'))
    const env = { PATH: '/usr/bin:/bin', HOME: folder, GOOSE_PATH_ROOT: folder, GOOSE_DISABLE_KEYRING: '1' }
    try {
      for (let seed = 1; seed <= 40; seed++) {
        const text = oddText(seed)
        const server = { id: 'm', name: 'M', transport: 'stdio', command: 'node', args: [text], env: [] }
        const steps = [{ id: 's1', text, mcpServerIds: ['m'] }]
        const { yaml } = toRecipe(workflow('', { name: 'N {{ x }}', steps }), 0, null, [server])
        const file = join(folder, 'recipe.yaml')
        await writeFile(file, yaml)
        const { stdout } = await promisify(execFile)(
          findPart('goose') ?? '',
          ['run', '--recipe', file, '--render-recipe'],
          { env },
        )
        const read = parse(stdout) as { title: string; prompt: string; extensions: { args: string[] }[] }
        assert.equal(read.prompt, text, `seed ${seed}:\n${yaml}`)
        assert.equal(read.title, 'N {{ x }}')
        assert.deepEqual(read.extensions[0]?.args, [text])
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test('a prompt becomes a recipe with its model, turns, tools and servers, and tells what a recipe cannot hold', () => {
  const server = {
    id: 'gh',
    name: 'GitHub',
    transport: 'stdio',
    command: 'npx',
    args: ['-y', 'x y'],
    startTimeoutSec: 20,
    env: [
      {
        name: 'TOKEN',
        isSecret: true,
        value: null,
      },
      {
        name: 'LEVEL',
        isSecret: false,
        value: 'debug',
      },
    ],
  }
  const two = {
    workingDir: '/srv',
    maxCostUsd: 1,
    model: 'm/1',
    provider: 'openrouter',
    description: 'D',
    steps: [
      {
        id: 's1',
        text: 'first',
      },
      {
        id: 's2',
        text: 'second',
        name: 'Two',
        maxTurns: 9,
        mcpServerIds: ['gh', 'gone'],
        fallbackModels: [{ model: 'x' }],
      },
    ],
  }
  const { yaml, warnings } = toRecipe(workflow('', two), 1, null, [server])
  assert.deepEqual(parse(yaml), {
    version: '1.0.0',
    title: 'Name: Two',
    description: 'D',
    prompt: 'second',
    extensions: [
      {
        type: 'stdio',
        name: 'GitHub',
        description: '',
        cmd: 'npx',
        args: ['-y', 'x y'],
        envs: { LEVEL: 'debug' },
        env_keys: ['TOKEN'],
        timeout: 20,
      },
      { type: 'builtin', name: 'developer' },
    ],
    settings: { goose_provider: 'openrouter', goose_model: 'm/1', max_turns: 9 },
  })
  for (const told of ['prompts before it', 'gone', 'fallback', 'cost', '/srv', 'TOKEN']) {
    assert.ok(
      warnings.some((warning) => warning.includes(told)),
      `${told} in ${warnings.join('; ')}`,
    )
  }
})

test('a recipe becomes a workflow; what has no place in it is told, every command by name', () => {
  const { workflows, mcpServers, models, warnings } = fromRecipe({
    version: '1.0.0',
    title: 'Review {{ lang }}',
    description: 'Looks at code',
    instructions: 'You are strict.',
    prompt: 'Review {{ lang }} in {{ repo }}.',
    parameters: [
      { key: 'lang', input_type: 'string', requirement: 'optional', default: 'Rust' },
      { key: 'repo', input_type: 'string', requirement: 'required' },
    ],
    settings: { goose_provider: 'openrouter', goose_model: 'm/1', temperature: 0.2, max_turns: 12 },
    extensions: [
      { type: 'builtin', name: 'developer' },
      {
        type: 'stdio',
        name: 'Files',
        cmd: 'npx',
        args: ['-y', 'a b'],
        envs: { A: '1' },
        env_keys: ['KEY'],
        timeout: 900,
      },
      {
        type: 'streamable_http',
        name: 'Files',
        uri: 'https://example.com/mcp',
        headers: { Authorization: 'Bearer x' },
      },
      { type: 'sse', name: 'Old', uri: 'https://example.com/sse' },
    ],
    retry: { max_retries: 3, checks: [{ type: 'shell', command: 'rm -rf /' }], on_failure: 'echo no' },
    response: { json_schema: {} },
    sub_recipes: [{ name: 'sub', path: './sub.yaml' }],
    activities: ['a'],
  })
  assert.deepEqual(workflows, [
    {
      id: 'review-rust',
      name: 'Review Rust',
      description: 'Looks at code',
      agent: 'goose',
      provider: 'openrouter',
      model: 'm/1',
      steps: [
        {
          id: 'step-1',
          text: 'You are strict.\n\nReview Rust in {{ repo }}.',
          mode: 'full',
          maxTurns: 12,
          maxRetries: 3,
          mcpServerIds: ['files', 'files-2'],
        },
      ],
    },
  ])
  assert.deepEqual(models, [{ provider: 'openrouter', id: 'm/1' }])
  assert.deepEqual(
    mcpServers.map(({ id, transport, command, args, url, env, startTimeoutSec }) => [
      id,
      transport,
      command,
      args,
      url,
      env,
      startTimeoutSec,
    ]),
    [
      [
        'files',
        'stdio',
        'npx',
        ['-y', 'a b'],
        '',
        [
          { name: 'A', isSecret: true, value: '1' },
          { name: 'KEY', isSecret: true, value: null },
        ],
        600,
      ],
      ['files-2', 'http', '', [], 'https://example.com/mcp', [], 30],
    ],
  )
  for (const told of [
    'repo',
    'temperature',
    'Old',
    'rm -rf /',
    'echo no',
    'response',
    'sub',
    'activities',
    'mode full',
  ]) {
    assert.ok(
      warnings.some((warning) => warning.includes(told)),
      `${told} in ${warnings.join('; ')}`,
    )
  }
})

test('a recipe that holds nothing but oddities is still a workflow or a clear refusal', () => {
  const odd = { title: 7, prompt: null, parameters: 'x', settings: [], extensions: [1, { type: 9 }], retry: true }
  const { workflows } = fromRecipe({ ...odd, instructions: 'do' })
  assert.equal(workflows[0]?.name, 'Recipe')
  assert.equal(workflows[0].steps[0]?.text, 'do')
})
