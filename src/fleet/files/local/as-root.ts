// Writing as root, by sudo without a password: the same temporary file and rename, done by a small shell script that is
// given the path as arguments and the content on stdin. It works in the folder it has entered and checked, so a
// name that is replaced meanwhile leads it nowhere. Folders are not made: root does not follow names it did not check.

import { randomBytes } from 'node:crypto'
import { basename, dirname } from 'node:path/posix'
import { MaestroError } from '#src/core/index.ts'
import { shortExec } from '../../short-exec.ts'
import { changed, missing, notAFile, shown } from '../file-errors.ts'

const limitMs = 60_000
const noFolder = 91
const otherFolder = 92
const noFile = 93

/** Arguments: folder, name, name of the temporary file, mode or nothing. stdin: the content as base64. */
const script = `set -eu
cd -P -- "$1" 2>/dev/null || exit ${noFolder}
[ "$(pwd -P)" = "$1" ] || exit ${otherFolder}
[ ! -L "./$2" ] || exit ${otherFolder}
[ ! -e "./$2" ] || [ -f "./$2" ] || exit ${noFile}
trap 'rm -f "./$3"' EXIT
umask 077
base64 -d > "./$3"
if [ -e "./$2" ]; then chown --reference="./$2" "./$3"; chmod --reference="./$2" "./$3"; else chmod 644 "./$3"; fi
[ -z "$4" ] || chmod "$4" "./$3"
sync "./$3"
mv -f -T "./$3" "./$2"
`

/** @throws `unsupported` without sudo, `forbidden` when it wants a password or refuses */
export async function replaceAsRoot(
  realPath: string,
  content: Uint8Array,
  options: { mode?: number; env: Readonly<Record<string, string>> },
): Promise<void> {
  const temporary = `.maestro-${randomBytes(8).toString('hex')}.tmp`
  const words = [dirname(realPath), basename(realPath), temporary, options.mode?.toString(8) ?? '']
  const run = shortExec({
    argv: ['sudo', '-n', '--', '/bin/sh', '-c', script, 'maestro-write', ...words],
    env: { ...options.env },
    stdin: Buffer.from(content).toString('base64'),
    timeoutMs: limitMs,
  })
  const { exitCode, stderr, timedOut } = await run.catch((error: unknown) => {
    if (!(error instanceof MaestroError) || error.code !== 'not_found') throw error
    throw new MaestroError('unsupported', 'there is no sudo on this host', {
      hint: 'write as the user that Maestro runs as, to a place it may write',
      details: { executed: 'no' },
      cause: error,
    })
  })
  if (exitCode === 0) return
  if (exitCode === noFolder) throw missing(dirname(realPath))
  if (exitCode === otherFolder) throw changed(realPath)
  if (exitCode === noFile) throw notAFile(realPath, 'folder')
  throw new MaestroError('forbidden', `${shown(realPath)} was not written by sudo: ${stderr.trim().slice(0, 300)}`, {
    hint: 'sudo must work for this user without a password (sudo -n true)',
    details: { kind: 'PATH_DENIED', reason: 'sudo', executed: timedOut ? 'maybe' : 'no' },
  })
}
