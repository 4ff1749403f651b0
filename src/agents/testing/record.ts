// Plays every case on the real Goose with the stub model server and writes what it printed to
// goose/fixtures: `GOOSE_BIN=... node src/agents/testing/record.ts [case...]`. Run it when the pinned
// Goose changes, and read the difference.

import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startStubModel } from '#test/stub-model/index.ts'
import { gooseCases } from './goose-cases.ts'
import { createGooseHarness, findRealGoose } from './goose-harness.ts'

const binary = findRealGoose()
if (binary === undefined) throw new Error('no Goose found: set GOOSE_BIN to its path')
const chosen = process.argv.slice(2)

const stub = await startStubModel()
{
  await using goose = await createGooseHarness(binary, stub.url)
  for (const one of gooseCases) {
    if (chosen.length > 0 && !chosen.includes(one.name)) continue
    const input = await goose.input({ prompt: one.prompt, ...one.changes })
    const { out, err, exitCode, outcome, ms } = await goose.run(input, one.options)
    const placeless = (text: string): string =>
      text.replaceAll(goose.dir, '/tmp/turn').replaceAll(stub.url, 'http://127.0.0.1:18080').replaceAll(binary, 'goose')
    const folder = new URL(`../goose/fixtures/${one.name}/`, import.meta.url)
    await mkdir(folder, { recursive: true })
    await writeFile(fileURLToPath(new URL('out.jsonl', folder)), placeless(out))
    await writeFile(fileURLToPath(new URL('err.txt', folder)), placeless(err))
    await writeFile(fileURLToPath(new URL('exit', folder)), `${exitCode}\n`)
    const result = outcome.ok
      ? `ok: ${outcome.text.slice(0, 60)}`
      : `${outcome.kind}: ${outcome.message} | ${outcome.hint}`
    process.stdout.write(`${one.name.padEnd(20)} exit ${exitCode} ${Math.round(ms)} ms  ${result}\n`)
  }
}
await stub.close()
