// A process to be killed while it saves: `node save-child.ts <dataDir> <saves>`. Save n gives the workflow
// the name "save n" and both prompts the text "text n"; "saved n" is printed when n was acknowledged.

import { randomIds, systemClock } from '#src/core/index.ts'
import { readTextIfExists, syncFolder, writeFileAtomic } from '#src/store/index.ts'
import { createDefinitions } from '../index.ts'

const [dataDir = '', saves = '0'] = process.argv.slice(2)
const definitions = createDefinitions({
  dataDir,
  clock: systemClock,
  ids: randomIds,
  files: { readTextIfExists, syncFolder, writeFileAtomic },
})

for (let n = 1; n <= Number(saves); n++) {
  const steps = ['first', 'second'].map((id) => ({ id, text: `text ${n}` }))
  await definitions.update('sample', { name: `save ${n}`, steps })
  process.stdout.write(`saved ${n}\n`)
}
