// `maestro folders list | create | move | delete`.

import { z } from 'zod'
import { listOf } from '#src/core/index.ts'
import { Folder } from '#src/workflows/contract.ts'
import { withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { plural, table } from '../format.ts'
import { clip } from '../style.ts'
import { folderOf } from './workflows.ts'

export function list(cli: Cli, options: GlobalOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const { items } = await api.call('GET', '/folders', listOf(Folder))
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) cli.io.err('no folders: make one with maestro folders create <path>\n')
    else {
      const rows = items.map((folder) => [folder.path, String(folder.workflowCount), String(folder.totalCount)])
      cli.io.out(table(cli.style, ['FOLDER', 'IN IT', 'WITH SUBFOLDERS'], rows))
    }
    return exit.ok
  })
}

export function create(cli: Cli, options: GlobalOptions, path = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const folder = await api.call('POST', '/folders', Folder, { path: folderOf(path) })
    if (options.json === true) printJson(cli, folder)
    else cli.io.out(`${clip(folder.path, 200)} is there.\n`)
    return exit.ok
  })
}

export function move(cli: Cli, options: GlobalOptions, path = '', newPath = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const folder = await api.call('POST', '/folders/move', Folder, { path: folderOf(path), newPath: folderOf(newPath) })
    if (options.json === true) printJson(cli, folder)
    else cli.io.out(`Now ${clip(folder.path, 200)}, with ${plural(folder.totalCount, 'workflow')}.\n`)
    return exit.ok
  })
}

export function remove(cli: Cli, options: GlobalOptions, path = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const query = new URLSearchParams({ path: folderOf(path) })
    const answer = await api.call('DELETE', `/folders?${query.toString()}`, z.object({ moved: z.int() }))
    if (options.json === true) printJson(cli, answer)
    else cli.io.out(`Removed ${clip(path, 200)}; ${plural(answer.moved, 'workflow')} moved up.\n`)
    return exit.ok
  })
}
