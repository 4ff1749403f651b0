// The short-lived process that makes the first database: `node --liftoff-only initdb-child.ts <folder>`.

import { PGlite } from '@electric-sql/pglite'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: initdb-child.ts <folder>')
const database = await PGlite.create(folder)
await database.close()
