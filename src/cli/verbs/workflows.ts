// Verbs about workflows and their folders, and about carrying them from one Maestro to another.

import { Option } from 'commander'
import type { Group, Leaf } from '../leaf.ts'
import { whole } from './numbers.ts'

const format = () =>
  new Option('--format <format>', 'how it is written (default: by the name of the file, else by its look)').choices([
    'json',
    'yaml',
    'markdown',
  ])

export function addWorkflowVerbs(group: Group): void {
  const workflow = group('workflows', 'make, change and look at workflows', 'maestro workflows edit "First light"')
  const load = () => import('../commands/workflows.ts')
  const change = () => import('../commands/workflow-edit.ts')
  const versions = () => import('../commands/workflow-versions.ts')
  workflow(
    {
      usage: 'list',
      summary: 'list them, with how their last runs ended',
      example: 'maestro workflows --folder reports --search news',
      isDefault: true,
      options: [
        new Option('--folder <path>', 'only in this folder, as a/b; / is the top'),
        new Option('--tag <tag>', 'only with this tag'),
        new Option('--search <text>', 'only with this in name, description, tags or prompts'),
      ],
    },
    async () => (await load()).list,
  )
  workflow(
    {
      usage: 'show <workflow>',
      summary: 'print a workflow as YAML, by its id or name',
      details: 'As `workflows create` and `edit` read it.',
      example: 'maestro workflows show "First light" > first-light.yaml',
      options: [new Option('--at <version>', 'as it was then: see workflows versions')],
    },
    async () => (await load()).show,
  )
  workflow(
    {
      usage: 'create [file]',
      summary: 'make a workflow from a file or from stdin',
      details:
        'The file is JSON or YAML with the fields of the API, or Markdown: prompts as they are, a line --- between two, and ' +
        'if you like a block of YAML between two lines --- at its top with name, folder, model and the like. At a terminal, ' +
        'without a file, it opens your editor.',
      example: 'maestro workflows create report.md --name "Morning report" --folder reports',
      options: [
        new Option('--name <name>', 'what it is called (default: as in the file, else the name of the file)'),
        new Option('--folder <path>', 'the folder to put it in, as a/b'),
        format(),
      ],
    },
    async () => (await change()).create,
  )
  workflow(
    {
      usage: 'edit <workflow> [file]',
      summary: 'change a workflow in your editor, or take it from a file or stdin',
      details:
        'Without a file it opens $VISUAL or $EDITOR with the workflow as YAML. When somebody else has changed it meanwhile, ' +
        'the difference is shown and nothing is lost. Exit code 5 when nothing was changed.',
      example: 'maestro workflows edit "Morning report"',
      options: [new Option('--if-version <version>', 'refuse unless the stored one is still this version'), format()],
    },
    async () => (await change()).edit,
  )
  workflow(
    {
      usage: 'duplicate <workflow>',
      summary: 'make a copy; its schedule and trigger are switched off',
      example: 'maestro workflows duplicate "Morning report" --name "Evening report"',
      options: [
        new Option('--name <name>', 'what the copy is called'),
        new Option('--folder <path>', 'where to put it (default: beside the original)'),
      ],
    },
    async () => (await load()).duplicate,
  )
  workflow(
    {
      usage: 'move <workflow> <folder>',
      summary: 'put a workflow into a folder, as a/b; / is the top',
      example: 'maestro workflows move "Morning report" reports/daily',
    },
    async () => (await load()).move,
  )
  workflow(
    {
      usage: 'delete <workflow>',
      summary: 'delete a workflow',
      details: 'Its runs stay in the history, its prompt files go to prompts/.trash in the data folder.',
      example: 'maestro workflows delete "Morning report"',
    },
    async () => (await load()).remove,
  )
  workflow(
    {
      usage: 'versions <workflow>',
      summary: 'list what was saved when and by whom, newest first',
      example: 'maestro workflows versions "Morning report"',
    },
    async () => (await versions()).versions,
  )
  workflow(
    {
      usage: 'diff <workflow> [from] [to]',
      summary: 'show what differs between two versions',
      details: 'Without versions: what the last save changed. With one: from that to what is stored now.',
      example: 'maestro workflows diff "Morning report" 3f2a91c0',
    },
    async () => (await versions()).diff,
  )
  workflow(
    {
      usage: 'restore <workflow> <version>',
      summary: 'make an old version the current one; the versions in between stay',
      example: 'maestro workflows restore "Morning report" 3f2a91c0',
    },
    async () => (await versions()).restore,
  )
  workflow(
    {
      usage: 'validate <workflow-or-file>',
      summary: 'say what would keep it from running',
      details:
        'Of a stored workflow, or of a file that is not stored yet (- for stdin). Exit code 1 when there is an error.',
      example: 'maestro workflows validate report.yaml',
      options: [format()],
    },
    async () => (await versions()).validate,
  )

  const folder = group('folders', 'make, move and remove folders of workflows', 'maestro folders create reports/daily')
  const folders = () => import('../commands/folders.ts')
  folder(
    { usage: 'list', summary: 'list them', example: 'maestro folders', isDefault: true },
    async () => (await folders()).list,
  )
  folder(
    {
      usage: 'create <path>',
      summary: 'make a folder and its parents',
      example: 'maestro folders create reports/daily',
    },
    async () => (await folders()).create,
  )
  folder(
    {
      usage: 'move <path> <new-path>',
      summary: 'rename or move a folder with everything in it',
      example: 'maestro folders move reports/daily archive/daily',
    },
    async () => (await folders()).move,
  )
  folder(
    {
      usage: 'delete <path>',
      summary: 'remove a folder; what is in it moves up to its parent',
      example: 'maestro folders delete archive/daily',
    },
    async () => (await folders()).remove,
  )
}

export function addExchangeVerbs(verb: Leaf): void {
  verb(
    {
      usage: 'export [workflow...]',
      summary: 'write workflows and what they need as one file, without secrets',
      details: 'Without names: all of them. With --recipe one prompt as a recipe of Goose.',
      example: 'maestro export "Morning report" -o report.maestro.json',
      options: [
        new Option('--folder <path>', 'everything in this folder'),
        new Option('-o, --output <file>', 'write to this file instead of stdout'),
        new Option('--recipe', 'one prompt of one workflow, as YAML for goose run --recipe'),
        new Option('--step <number>', 'which prompt, from 1; with --recipe').argParser(whole(1, 200)),
      ],
    },
    async () => (await import('../commands/export.ts')).exportTo,
  )
  verb(
    {
      usage: 'import <file-or-folder>',
      summary: 'take in a bundle, a recipe of Goose, or the configs.json or whole data folder of a Maistro',
      details:
        'With - it reads stdin. It shows every program that the workflows would start, and asks; where it cannot ask, it does nothing ' +
        'without --yes. Keys and values of a Maistro folder go into the encrypted store.',
      example: 'maestro import ~/maistro/data --dry-run',
      options: [
        new Option('--folder <path>', 'the folder to put them in, as a/b'),
        new Option('--on-conflict <what>', 'for workflows that are there already')
          .choices(['copy', 'replace', 'skip'])
          .default('copy'),
        new Option('--dry-run', 'only say what would happen'),
        new Option('-y, --yes', 'do not ask'),
      ],
    },
    async () => (await import('../commands/import.ts')).importFrom,
  )
}
