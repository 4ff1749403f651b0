// A process that opens the store of its argument and writes rows until it is killed. It prints "open" when it
// is ready and then the number of each row, after its commit was acknowledged.

import { silentLog, systemClock } from '#src/core/index.ts'
import { openStore } from '../open-store.ts'
import { crashMigrations } from './crash-rounds.ts'

const [, , dataDir, first] = process.argv
if (dataDir === undefined) throw new Error('usage: crash-child.ts <folder> <first number>')

const store = await openStore({
  dataDir,
  migrations: crashMigrations,
  log: silentLog,
  clock: systemClock,
  diskReserveMb: 0,
})
const db = () => store.db<{ crash_rows: { id: number; half: number; text: string } }>()
process.stdout.write('open\n')
for (let id = Number(first); ; id++) {
  // Two statements: a transaction that shows only one of them is torn.
  await store.tx(async () => {
    await db()
      .insertInto('crash_rows')
      .values({ id, half: 1, text: 'x'.repeat(300) })
      .execute()
    await db().insertInto('crash_rows').values({ id, half: 2, text: 'y' }).execute()
  })
  process.stdout.write(`${id}\n`)
}
