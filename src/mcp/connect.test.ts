import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { connectGuide } from './connect.ts'
import { ConnectGuide } from './contract.ts'

const to = { command: '/opt/my maestro/bin/maestro', args: ['mcp'], url: 'http://127.0.0.1:3000', needsToken: true }

test('every client gets lines, and those for a shell are exactly the command', () => {
  const guide = ConnectGuide.parse(connectGuide({ ...to, profiles: [] }))
  assert.deepEqual([...new Set(guide.snippets.map(({ client }) => client))].sort(), [
    'claude-code',
    'claude-desktop',
    'codex',
    'cursor',
    'gemini',
    'goose',
    'inspector',
    'mcp-remote',
    'vscode',
  ])
  for (const { how, text } of guide.snippets) {
    if (how !== 'command') continue
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${text}`], { encoding: 'utf8' }).split('\n')
    assert.ok(
      words.includes(to.command) ||
        words.includes('http://127.0.0.1:3000/mcp') ||
        words.some((word) => word.startsWith('{')),
      text,
    )
  }
})

test('profiles are in both ways in, and a token where one is needed only', () => {
  const guide = connectGuide({ ...to, profiles: ['core', 'workflows'], needsToken: false })
  assert.deepEqual(guide.stdio.args, ['mcp', '--profile', 'core,workflows'])
  assert.equal(guide.http.url, 'http://127.0.0.1:3000/mcp?profile=core,workflows')
  assert.doesNotMatch(JSON.stringify(guide), /Bearer/)
  assert.match(JSON.stringify(connectGuide({ ...to, profiles: [] })), /Bearer <token>/)
})
