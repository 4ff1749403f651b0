// A process that replaces one file again and again, to be killed. Arguments: the file, the size of its content.

import { createLocalFiles } from '../local/local-files.ts'

const [file = '', size = '0'] = process.argv.slice(2)
const files = createLocalFiles('/')
process.stdout.write('ready\n')
for (let round = 1; ; round++) {
  const content = Buffer.alloc(Number(size), 'abcdefghij'[round % 10])
  await using replacement = await files.replace(file, { createFolders: false, expected: 'anything' })
  for (let at = 0; at < content.length; at += 100_000) await replacement.write(content.subarray(at, at + 100_000))
  await replacement.commit()
}
