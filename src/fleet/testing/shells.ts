// The POSIX shells of this machine, to hold shell text against each of them.

import { existsSync } from 'node:fs'

export type Shell = readonly [string, ...string[]]

const known: readonly Shell[] = [['/usr/bin/dash'], ['/bin/bash', '--posix'], ['/bin/bash'], ['/usr/bin/busybox', 'sh']]

/** Each shell as words before a script. A missing one has the reason for which its test is skipped. */
export const shells = known.map((words) => ({
  name: words.map((word) => word.replace(/^.*\//, '')).join(' '),
  words,
  skip: existsSync(words[0]) ? false : `${words[0]} is not installed`,
}))
