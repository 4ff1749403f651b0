import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { createJournaled, journalName } from './journal.ts'
import { createFolder, realFiles } from './testing/folder.ts'
import { validateInput } from './validate.ts'

describe('validateInput', () => {
  const issuesOf = (value: unknown): Record<string, string> => {
    try {
      validateInput(value)
    } catch (error) {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'invalid_input')
      return Object.fromEntries((error.issues ?? []).map((issue) => [issue.path, issue.message]))
    }
    return {}
  }
  test('tells all problems at once, each with its path', () => {
    const found = issuesOf({
      name: 'a\nb',
      path: 'a/../b',
      workingDir: 'here',
      agent: 'No Slug',
      steps: [
        { id: 'one', text: 'fine' },
        { id: 'one', text: 'nul \0', mode: 'wild' },
        { id: 'three', text: ' \n ' },
      ],
    })
    assert.deepEqual(Object.keys(found).sort(), [
      'agent',
      'name',
      'path',
      'steps.1.id',
      'steps.1.mode',
      'steps.1.text',
      'steps.2.text',
      'workingDir',
    ])
    assert.equal(found['steps.2.text'], 'the prompt is empty')
    assert.match(found['steps.1.text'] ?? '', /NUL/)
  })
  test('accepts what is right', () => {
    assert.deepEqual(issuesOf({ name: ' Ok ', path: 'a/b c', workingDir: '/tmp', steps: [{ id: 'a', text: 'x' }] }), {})
  })
  test('refuses what is no workflow at all', () => {
    for (const value of [null, 'x', {}, { name: 'a', steps: [] }]) assert.notDeepEqual(issuesOf(value), {})
  })
})

describe('a save of several files', () => {
  const versions = ['old', 'new'].map((text) => [
    { path: 'configs.json', text },
    { path: 'prompts/a_prompt_0.md', text },
    { path: 'prompts/a_prompt_1.md', text: text === 'new' ? null : text },
  ])

  test('that fails at any point is made wholly or not at all', async (t) => {
    const [before = [], after = []] = versions
    const outcomes: string[] = []
    for (let failAt = 1; ; failAt++) {
      const folder = createFolder(t)
      await createJournaled(folder.dataDir, realFiles).save(before)
      let calls = 0
      const failing =
        <A extends unknown[]>(call: (...args: A) => Promise<void>) =>
        (...args: A): Promise<void> => {
          if ((calls += 1) === failAt) throw new Error('the disk is gone')
          return call(...args)
        }
      const files = {
        ...realFiles,
        writeFileAtomic: failing(realFiles.writeFileAtomic),
        syncFolder: failing(realFiles.syncFolder),
      }
      const failed = await createJournaled(folder.dataDir, files)
        .save(after)
        .then(
          () => false,
          () => true,
        )
      await createJournaled(folder.dataDir, realFiles).recover()
      const state = [
        folder.read('configs.json'),
        folder.read('prompts/a_prompt_0.md'),
        existsSync(join(folder.dataDir, 'prompts/a_prompt_1.md')),
      ]
      assert.ok(
        [
          ['old', 'old', true],
          ['new', 'new', false],
        ].some((whole) => JSON.stringify(whole) === JSON.stringify(state)),
        JSON.stringify(state),
      )
      assert.equal(existsSync(join(folder.dataDir, journalName)), false)
      outcomes.push(String(state[0]))
      if (!failed) break
    }
    assert.equal(outcomes[0], 'old')
    assert.equal(outcomes.at(-1), 'new')
    assert.ok(outcomes.filter((outcome) => outcome === 'new').length > 1, 'recovery finished at least one save')
  })

  test('whose journal names a file elsewhere is refused', async (t) => {
    const folder = createFolder(t)
    for (const path of ['../x.md', '/tmp/x.md', 'prompts/../../x.md', 'maestro.key', 'prompts/.trash/../x.md']) {
      await assert.rejects(createJournaled(folder.dataDir, realFiles).save([{ path, text: 'x' }]))
      folder.write(journalName, { changes: [{ path, staged: 0 }] })
      await assert.rejects(createJournaled(folder.dataDir, realFiles).recover(), /cannot be read/)
      assert.ok(existsSync(join(folder.dataDir, journalName)))
    }
  })
})
