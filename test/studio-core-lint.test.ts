import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** What oxlint, with the repository's own settings, says about one file at a path. */
async function lint(path: string, text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-lint-'))
  try {
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
    // Without what makes it write in colours, as it does on build machines.
    const options = { cwd: folder, env: { PATH: process.env['PATH'] } }
    const done = await run(process.execPath, [oxlint, path], options).catch((thrown: unknown) => thrown)
    return (done as { stdout: string }).stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const forbidden = [
  'Math.sin(1)',
  'Math.cos(1)',
  'Math.exp(1)',
  'Math.log(2)',
  'Math.pow(2, 3)',
  'Math.tanh(1)',
  'Math.random()',
  'Date.now()',
  'new Date().getTime()',
  'performance.now()',
  "'a'.localeCompare('b')",
  'crypto.getRandomValues(new Uint8Array(1))[0]',
]

test('platform mathematics, chance and clocks are refused in the pure core of the studio', async () => {
  const text = forbidden.map((code, index) => `export const value${index} = ${code}`).join('\n')
  const said = await lint('src/studio/core/sound.ts', text)
  const lines = new Set([...said.matchAll(/sound\.ts:(\d+)/g)].map((match) => Number(match[1])))
  assert.deepEqual(
    forbidden.filter((_, index) => !lines.has(index + 1)),
    [],
    said,
  )
})

test('taking the functions out of Math does not get round it', async () => {
  const said = await lint(
    'src/studio/core/sound.ts',
    'const { sin, random } = Math\nexport const value = sin(random())\n',
  )
  assert.match(said, /Math\.sin|'sin'/)
})

test('exact functions are allowed there, and everything elsewhere in the room', async () => {
  const exact =
    'export const value = Math.floor(1.5) + Math.round(2) + Math.imul(2, 3) + Math.abs(-1) + Math.min(1, 2)\n'
  assert.match(await lint('src/studio/core/sound.ts', exact), /Found 0 warnings and 0 errors/)
  assert.match(
    await lint('src/studio/clock.ts', 'export const value = Math.sin(1) + Date.now()\n'),
    /Found 0 warnings and 0 errors/,
  )
})
