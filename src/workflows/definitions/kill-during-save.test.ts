import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { randomIds, systemClock } from '#src/core/index.ts'
import { readTextIfExists, syncFolder, writeFileAtomic } from '#src/store/index.ts'
import { createDefinitions } from './index.ts'
import { journalName } from './journal.ts'

const saves = 200
const rounds = 6
const child = join(import.meta.dirname, 'testing/save-child.ts')

/** Kills the child a random moment after it acknowledged `after` saves. Returns the last acknowledged one. */
async function killWhileSaving(dataDir: string, after: number): Promise<number> {
  const running = spawn(process.execPath, [child, dataDir, String(saves)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(running, 'exit')
  let acknowledged = 0
  for await (const line of createInterface({ input: running.stdout })) {
    acknowledged = Number(line.slice('saved '.length))
    if (acknowledged === after) setTimeout(() => running.kill('SIGKILL'), Math.random() * 20)
  }
  await exited
  return acknowledged
}

test(`a process killed at random during ${saves} saves leaves every file readable and of one save`, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'maestro-definitions-'))
  let cutOff = 0
  try {
    for (let round = 0; round < rounds; round++) {
      const acknowledged = await killWhileSaving(dataDir, 1 + Math.floor(Math.random() * 60))
      assert.ok(acknowledged < saves, 'it was killed before it was done')
      // As the dead process left it: already whole, though perhaps not yet all of the newest save.
      assert.doesNotThrow(() => JSON.parse(readFileSync(join(dataDir, 'configs.json'), 'utf8')) as unknown)
      if (existsSync(join(dataDir, journalName))) cutOff += 1

      const files = { readTextIfExists, syncFolder, writeFileAtomic }
      const definitions = createDefinitions({ dataDir, clock: systemClock, ids: randomIds, files })
      const found = await definitions.get('sample')
      const n = Number(/^save (\d+)$/.exec(found.name)?.[1])
      assert.ok(n === acknowledged || n === acknowledged + 1, `save ${n} is there, ${acknowledged} was acknowledged`)
      assert.deepEqual(
        found.steps.map((step) => step.text),
        [`text ${n}`, `text ${n}`],
      )
      for (const index of [0, 1]) {
        assert.equal(readFileSync(join(dataDir, `prompts/sample_prompt_${index}.md`), 'utf8'), `text ${n}`)
      }
      assert.equal(
        readFileSync(join(dataDir, 'configs.json.bak'), 'utf8'),
        readFileSync(join(dataDir, 'configs.json'), 'utf8'),
      )
      assert.equal(existsSync(join(dataDir, journalName)), false)
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
  t.diagnostic(`${cutOff} of ${rounds} kills hit between the journal and its end`)
})
