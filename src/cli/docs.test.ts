import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command } from 'commander'
import type { Cli } from './cli.ts'
import { buildProgram } from './program.ts'
import { createStyle } from './style.ts'

const docs = await readFile(join(import.meta.dirname, '../../docs/cli.md'), 'utf8')

function leaves(command: Command, above: string): { name: string; options: string[] }[] {
  return command.commands.flatMap((child) => {
    const name = `${above} ${child.name()}`
    if (child.commands.length > 0) return leaves(child, name)
    const options = child.options.filter((option) => !option.hidden).map((option) => option.long ?? '')
    return [{ name, options }]
  })
}

const io = { columns: 100, out: () => undefined, err: () => undefined }
const cli = { io, about: { version: '1' }, style: createStyle(false, {}) } as unknown as Cli
const all = leaves(
  buildProgram(cli, () => undefined),
  'maestro',
)
const everywhere = ['--data-dir', '--json']

test('every verb is in docs/cli.md, with every option it has', () => {
  const missing = all.flatMap(({ name, options }) => {
    const row = docs
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}`) && !/^[a-z-]/.test(line.slice(3 + name.length)))
    if (row === undefined) return [name]
    return options
      .filter((option) => !everywhere.includes(option) && !row.includes(option))
      .map((option) => `${name} ${option}`)
  })
  assert.deepEqual(missing, [])
})

test('docs/cli.md names no verb that is not there', () => {
  const named = [...docs.matchAll(/^\| `(maestro [^`]*)`/gm)].map((match) => match[1] ?? '')
  const unknown = named.filter((text) => !all.some(({ name }) => text === name || text.startsWith(`${name} `)))
  assert.deepEqual(unknown, [])
})
