// Why a program could not be started, for whoever typed its name: where it was looked for, and what is called
// nearly so.

import { access, constants, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { editDistance, isNodeError } from '#src/core/index.ts'
import { CheckFailure } from './failure.ts'

export async function describeSpawnError(thrown: unknown, command: string, searchPath: string): Promise<CheckFailure> {
  const code = isNodeError(thrown) ? (thrown.code ?? '') : ''
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (code === 'ENOENT') return notFound(command, searchPath)
  if (code === 'EACCES' || code === 'EPERM' || code === 'ENOEXEC' || code === 'EISDIR') return notExecutable(command)
  // Node's own words would show the value, which may be a secret.
  if (code === 'ERR_INVALID_ARG_VALUE') {
    return new CheckFailure(
      'not_executable',
      'an argument or a variable of it holds a NUL character, or its name is empty',
    )
  }
  if (code === 'E2BIG')
    return new CheckFailure('not_executable', 'its arguments and variables are longer than the system takes')
  return new CheckFailure('not_executable', `"${command}" cannot be started: ${message}`)
}

async function notFound(command: string, searchPath: string): Promise<CheckFailure> {
  if (command === '') return new CheckFailure('not_found', 'it has no command', 'enter the program to start')
  if (command.includes('/')) {
    if (await exists(command)) {
      return new CheckFailure('not_found', `"${command}" names an interpreter in its first line that is not there`)
    }
    const hint = command.startsWith('~')
      ? 'write the whole path: no shell is there that knows ~'
      : path.isAbsolute(command)
        ? 'check the path'
        : 'write the whole path: a server is not started in any folder of yours'
    return new CheckFailure('not_found', `there is no program at "${command}"`, hint)
  }
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '')
  const near = await nearest(command, folders)
  const meant = near === undefined ? '' : `did you mean ${near}? `
  return new CheckFailure(
    'not_found',
    `there is no program "${command}" on this machine`,
    `${meant}It was looked for in ${folders.join(', ')}; install it there, or write its whole path`,
  )
}

async function notExecutable(command: string): Promise<CheckFailure> {
  const facts = await stat(command).catch(() => undefined)
  if (facts?.isDirectory() === true) {
    return new CheckFailure('not_executable', `"${command}" is a folder, not a program`)
  }
  return new CheckFailure(
    'not_executable',
    `"${command}" may not be executed`,
    `make it executable (chmod +x), or start it through its interpreter, such as node with the file as its argument`,
  )
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  )
}

async function nearest(command: string, folders: readonly string[]): Promise<string | undefined> {
  const names = (await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))).flat()
  const near = names
    .filter((name) => Math.abs(name.length - command.length) <= 2)
    .map((name) => ({ name, distance: editDistance(name, command) }))
    .filter(({ name, distance }) => distance <= (name.length > 4 ? 2 : 1))
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.name
}
