import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { describe, test } from 'node:test'
import { allowedImports, importsOf, rules, tablesOf, type Files } from './architecture/rules.ts'

const root = join(import.meta.dirname, '..')
const patterns = ['src/**/*.{ts,md}', 'web/src/**/*.{ts,tsx}', 'test/**/*.ts', 'scripts/*.{ts,cjs}']
const repository: Files = new Map(
  globSync(patterns, {
    cwd: root,
    exclude: ['test/.cache/**', 'test/.out/**', 'test/architecture*/**', 'test/architecture.test.ts'],
  })
    .sort()
    .map((path) => [path.split(sep).join('/'), readFileSync(join(root, path), 'utf8')]),
)

const sample = (files: Record<string, string>): Files => new Map(Object.entries(files))

test('the table of rooms has no cycle: each room names only rooms that do not lead back to it', () => {
  const reach = (room: string): string[] => (allowedImports[room] ?? []).flatMap((next) => [next, ...reach(next)])
  for (const room of Object.keys(allowedImports)) assert.equal(reach(room).includes(room), false, room)
})

describe('the repository keeps every rule', () => {
  test('the files are found at all', () => {
    assert.ok(repository.has('src/core/contract.ts'))
    assert.ok([...repository.values()].some((text) => importsOf('src/x/y.ts', text).length > 0))
  })
  for (const [name, rule] of Object.entries(rules)) {
    test(name, () => assert.deepEqual(rule(repository), []))
  }
})

describe('every rule fires on a bad sample and lets the good one pass', () => {
  const migration = 'export const sql = ["create table if not exists runs (id text)"]'
  const cases: Record<keyof typeof rules, { bad: Record<string, string>[]; good: Record<string, string>[] }> = {
    noUnknownRoom: {
      bad: [{ 'src/utils/index.ts': '' }],
      good: [{ 'src/core/index.ts': '', 'src/main.ts': '' }],
    },
    onlyAllowedRooms: {
      bad: [
        { 'src/store/db.ts': "import { x } from '#src/tasks/index.ts'" },
        { 'src/workflows/run.ts': "import type { Turn } from '../agents/contract.ts'" },
        { 'src/tasks/late.ts': "const x = await import('#src/agents/index.ts')" },
        { 'src/core/a.ts': "export * from '#src/store/index.ts'" },
        { 'src/http/a.ts': "import {\n  x,\n} from '#src/tasks/index.ts'" },
      ],
      good: [
        { 'src/tasks/a.ts': "import { x } from '#src/store/index.ts'" },
        { 'src/http/a.ts': "import { Task } from '#src/tasks/contract.ts'" },
        { 'src/store/a.ts': "// import { x } from '#src/tasks/index.ts'" },
        { 'src/core/a.ts': "import { x } from './store/b.ts'" },
      ],
    },
    onlyThroughDoors: {
      bad: [
        { 'src/tasks/a.ts': "import { x } from '#src/store/migrate.ts'" },
        { 'src/tasks/a.ts': "import { x } from '../store/testing/fake.ts'" },
        { 'test/e2e/a.test.ts': "import { x } from '#src/store/migrate.ts'" },
        { 'src/cli/a.ts': "import { x } from '#src/app/owner-socket.ts'" },
        { 'test/e2e/a.test.ts': "import { x } from '#src/app/owner-client.ts'" },
      ],
      good: [
        { 'src/tasks/a.ts': "import { x } from './migrate.ts'\nimport { y } from '#src/store/index.ts'" },
        { 'src/tasks/a.test.ts': "import { x } from '#src/store/testing/fake.ts'" },
        { 'src/cli/a.ts': "import { x } from '#src/app/owner-client.ts'" },
      ],
    },
    noFakesInProduction: {
      bad: [{ 'src/tasks/a.ts': "import { x } from './testing/fake.ts'" }],
      good: [{ 'src/tasks/a.test.ts': "import { x } from './testing/fake.ts'" }],
    },
    noRoomCycles: {
      bad: [
        {
          'src/store/a.ts': "import { x } from '#src/tasks/index.ts'",
          'src/tasks/b.ts': "import { y } from '#src/core/index.ts'",
          'src/core/c.ts': "import { z } from '#src/store/index.ts'",
        },
      ],
      good: [{ 'src/tasks/b.ts': "import { y } from '#src/store/index.ts'", 'src/store/a.ts': "import './c.ts'" }],
    },
    studioCoreIsPure: {
      bad: [
        { 'src/studio/core/a.ts': "import { x } from 'node:fs'" },
        { 'src/studio/core/a.ts': "import { x } from '#src/core/index.ts'" },
        { 'src/studio/core/a.ts': "import { x } from '../tools.ts'" },
        { 'src/studio/core/a.ts': 'const power = 2 ** x' },
      ],
      good: [
        {
          'src/studio/core/a/b.ts':
            "/** Of the key. */\nimport { x } from '../c.ts'\nimport { y } from '../../contract.ts'",
        },
        { 'src/studio/core/a.test.ts': "import test from 'node:test'\nconst power = 2 ** x" },
        { 'src/studio/tools.ts': "import { x } from '#src/core/index.ts'" },
      ],
    },
    pageReadsOnlyContracts: {
      bad: [{ 'web/src/api.ts': "import { x } from '../../src/core/ids.ts'" }],
      good: [{ 'web/src/api.ts': "import { x } from '../../src/core/contract.ts'\nimport { y } from './z.ts'" }],
    },
    contractsArePure: {
      bad: [
        { 'src/core/contract.ts': "import { join } from 'node:path'" },
        { 'src/core/contract.ts': "import { MaestroError } from './errors.ts'" },
      ],
      good: [{ 'src/tasks/contract.ts': "import { z } from 'zod'\nimport { Id } from '../core/contract.ts'" }],
    },
    tablesStayInTheirRoom: {
      bad: [
        { 'src/workflows/migrations.ts': migration, 'src/http/a.ts': 'const q = sql`select * from runs`' },
        { 'src/workflows/migrations.ts': migration, 'src/tasks/a.ts': "db.selectFrom('runs').selectAll()" },
        { 'src/workflows/migrations.ts': migration, 'src/tasks/a.ts': "db.leftJoin('runs as r', 'r.id', 't.id')" },
        { 'src/workflows/migrations.ts': migration, 'src/tasks/migrations.ts': migration },
      ],
      good: [
        { 'src/workflows/migrations.ts': migration, 'src/workflows/a.ts': 'const q = sql`select * from runs`' },
        { 'src/workflows/migrations.ts': migration, 'src/http/a.ts': "app.get('/runs')" },
      ],
    },
    roomsHaveDoorAndPage: {
      bad: [{ 'src/core/index.ts': '' }, { 'src/core/README.md': '' }],
      good: [{ 'src/core/index.ts': '', 'src/core/README.md': '' }],
    },
    headsSayWhatIsInside: {
      bad: [{ 'src/core/a.ts': "import { z } from 'zod'" }],
      good: [
        {
          'src/core/a.ts': '// Owns a.\n',
          'src/core/a.test.ts': 'test()',
          'scripts/b.cjs': '#!/usr/bin/env node\n// B',
        },
      ],
    },
  }
  for (const [name, rule] of Object.entries(rules)) {
    test(name, () => {
      const { bad, good } = cases[name as keyof typeof rules]
      for (const files of bad) assert.notDeepEqual(rule(sample(files)), [], JSON.stringify(files))
      for (const files of good) assert.deepEqual(rule(sample(files)), [], JSON.stringify(files))
    })
  }
  test('table names are read from every form of create table', () => {
    const text = 'create table a (x int); CREATE TABLE IF NOT EXISTS "B" (y int) // create table c'
    assert.deepEqual(tablesOf(text), ['a', 'b'])
  })
})
