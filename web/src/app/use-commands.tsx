// Everything the palette finds and does: pages, commands, workflows, folders, runs, MCP servers, models, settings.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  CircleDollarSign,
  ClipboardPaste,
  Folder,
  KeyRound,
  Keyboard,
  ListMusic,
  LogOut,
  Moon,
  Play,
  Plug,
  Plus,
  Settings,
  Sparkles,
  Square,
  Stethoscope,
  Sun,
  SunMoon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { RunSummary } from '#src/workflows/contract.ts'
import { client } from '../api/api.ts'
import { foldersQuery } from '../api/library.ts'
import { mcpServersQuery } from '../api/mcp-servers.ts'
import { newServer, newWorkflow, route } from '../api/paths.ts'
import { providers } from '../api/providers.ts'
import { keys, modelsQuery, runsQuery, sessionQuery, useRunDo, useStartRun, workflowsQuery } from '../api/queries.ts'
import { chooseTheme } from '../theme/theme.ts'
import { Ago } from '../ui/bits.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { runCan, states } from '../ui/status.ts'
import { useToasts } from '../ui/toast.tsx'
import { sortedFolders } from '../pages/workflows/tree.ts'
import { useGuardCommands } from './guard-commands.tsx'
import { places } from './places.ts'
import type { Ranked } from './rank.ts'

export interface Command extends Ranked {
  readonly icon: ReactNode
  readonly keys?: string
  readonly aside?: ReactNode
  readonly run: () => unknown
}

const runsShown = 40

export function useCommands(openKeys: () => void, openBrakes: () => void): Command[] {
  const navigate = useNavigate()
  const [pages, settings] = usePages()
  const actions = useActions(openKeys)
  const guard = useGuardCommands(openBrakes)
  const workflows = useQuery(workflowsQuery).data ?? []
  const servers = useQuery(mcpServersQuery).data ?? []
  const models = useQuery(modelsQuery).data?.items ?? []
  const runs = useInfiniteQuery(runsQuery({})).data?.pages.flatMap((page) => page.items) ?? []
  const folders = sortedFolders(useQuery(foldersQuery).data ?? [], workflows)

  return [
    ...pages,
    ...actions,
    ...guard,
    ...workflows.map((workflow) => ({
      id: `workflow:${workflow.id}`,
      group: 'Workflows',
      label: workflow.name,
      words: `open workflow ${workflow.path} ${workflow.tags.join(' ')} ${workflow.id}`,
      icon: <ListMusic />,
      run: () => navigate({ to: route.workflow, params: { id: workflow.id } }),
    })),
    ...folders.map(({ path }) => ({
      id: `folder:${path}`,
      group: 'Folders',
      label: path,
      words: 'open folder',
      icon: <Folder />,
      run: () => navigate({ to: route.workflows, search: { folder: path } }),
    })),
    ...runs.slice(0, runsShown).map((run) => ({
      id: `open-run:${run.id}`,
      group: 'Runs',
      label: run.workflowName,
      words: `run ${states[run.status].word} ${run.id}`,
      icon: <Glyph status={run.status} />,
      aside: (
        <>
          {states[run.status].word.toLowerCase()}, <Ago at={run.createdAt} />
        </>
      ),
      run: () => navigate({ to: route.run, params: { id: run.id } }),
    })),
    ...servers.map((server) => ({
      id: `server:${server.id}`,
      group: 'MCP Servers',
      label: server.name,
      words: `open test mcp server ${server.command} ${server.url}`,
      icon: <Plug />,
      run: () => navigate({ to: route.mcpServer, params: { id: server.id } }),
    })),
    ...models.map((model) => ({
      id: `model:${model.provider}/${model.id}`,
      group: 'Models',
      label: model.id,
      words: `model ${model.provider}`,
      icon: <Sparkles />,
      ...(model.isDefault ? { aside: 'default' } : {}),
      run: () => navigate({ to: route.models, hash: 'models' }),
    })),
    ...settings,
  ]
}

function usePages(): [pages: Command[], settings: Command[]] {
  const navigate = useNavigate()
  const settings = [
    ['doctor', 'Doctor', 'health examine'],
    ['tokens', 'Tokens', 'api access revoke'],
    ['secrets', 'Secrets', 'keys encrypted'],
    ['theme', 'Theme', 'dark light'],
    ['about', 'This Maestro', 'version data folder backups'],
  ] as const
  return [
    places.map((place) => ({
      id: `go:${place.to}`,
      group: 'Go to',
      label: place.label,
      words: place.to === route.models ? 'providers keys budget spend prices' : 'open page',
      icon: <place.Icon />,
      keys: place.keys,
      run: () => navigate({ to: place.to }),
    })),
    settings.map(([hash, label, words]) => ({
      id: `setting:${hash}`,
      group: 'Settings',
      label,
      words: `setting ${words}`,
      icon: hash === 'doctor' ? <Stethoscope /> : <Settings />,
      run: () => navigate({ to: route.settings, hash }),
    })),
  ]
}

function useActions(openKeys: () => void): Command[] {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const toasts = useToasts()
  const start = useStartRun()
  const act = useRunDo()
  const workflows = useQuery(workflowsQuery).data ?? []
  const list = useQuery(modelsQuery).data?.providers ?? []
  const runs = useInfiniteQuery(runsQuery({})).data?.pages.flatMap((page) => page.items) ?? []
  const actor = useQuery(sessionQuery).data?.actor

  // The palette is gone by the time of an answer: only a promise still hears it.
  async function startNow(workflowId: string) {
    try {
      const run = await start.mutateAsync(workflowId)
      await navigate({ to: route.run, params: { id: run.id } })
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }

  async function stop(run: RunSummary) {
    try {
      await act.mutateAsync({ id: run.id, verb: 'cancel' })
      toasts.say(`Asked ${run.workflowName} to stop`)
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }

  async function testProvider(id: string, title: string) {
    try {
      const found = await providers.test(id)
      if (found.ok) toasts.say(`${title}: ${found.message}`)
      else toasts.fail(new Error(`${title}: ${found.message} ${found.hint ?? ''}`.trim()))
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }

  async function signOut() {
    await client.signOut().catch((thrown: unknown) => toasts.fail(thrown))
    await queries.invalidateQueries({ queryKey: keys.session })
  }

  const group = 'Do'
  const doing: Command[] = [
    {
      id: 'do:new-workflow',
      group,
      label: 'New workflow',
      words: 'create add configuration',
      icon: <Plus />,
      run: () => navigate({ to: route.workflow, params: { id: newWorkflow } }),
    },
    {
      id: 'do:new-server',
      group,
      label: 'New MCP server',
      words: 'create add',
      icon: <Plus />,
      run: () => navigate({ to: route.mcpServer, params: { id: newServer } }),
    },
    {
      id: 'do:paste-server',
      group,
      label: 'Paste an MCP server',
      words: 'import json mcpServers',
      icon: <ClipboardPaste />,
      run: () => navigate({ to: route.mcpServers, search: { paste: true } }),
    },
    {
      id: 'do:budget',
      group,
      label: 'Set a budget',
      words: 'spend money limit cost',
      icon: <CircleDollarSign />,
      run: () => navigate({ to: route.models, hash: 'spend' }),
    },
  ]
  const running = runs.filter(runCan.stop).map((run) => ({
    id: `stop:${run.id}`,
    group,
    label: `Stop ${run.workflowName}`,
    words: `cancel run ${run.id}`,
    icon: <Square />,
    aside: <Ago at={run.createdAt} />,
    run: () => stop(run),
  }))
  const startable = workflows.map((workflow) => ({
    id: `run:${workflow.id}`,
    group,
    label: `Run ${workflow.name}`,
    words: `start now ${workflow.id}`,
    icon: <Play />,
    run: () => startNow(workflow.id),
  }))
  const keyed = list.flatMap((provider) => [
    ...(provider.keyName === null
      ? []
      : [
          {
            id: `key:${provider.id}`,
            group,
            label: `${provider.keySet ? 'Replace' : 'Add'} the ${provider.title} key`,
            words: `api key ${provider.keyName}`,
            icon: <KeyRound />,
            run: () => navigate({ to: route.models }),
          },
        ]),
    {
      id: `test:${provider.id}`,
      group,
      label: `Test ${provider.title}`,
      words: 'provider check connection',
      icon: <Plug />,
      run: () => testProvider(provider.id, provider.title),
    },
  ])
  const frame: Command[] = [
    {
      id: 'do:keys',
      group,
      label: 'Show the keys',
      words: 'help shortcuts',
      icon: <Keyboard />,
      keys: '?',
      run: openKeys,
    },
    { id: 'do:toggle-theme', group, label: 'Toggle theme', words: 'dark light', icon: <SunMoon />, run: toggleTheme },
    { id: 'do:light', group, label: 'Light theme', icon: <Sun />, run: () => chooseTheme('light') },
    { id: 'do:dark', group, label: 'Dark theme', icon: <Moon />, run: () => chooseTheme('dark') },
    { id: 'do:system', group, label: 'Theme as the system', icon: <SunMoon />, run: () => chooseTheme('system') },
  ]
  const leaving: Command[] =
    actor?.kind === 'browser'
      ? [
          {
            id: 'do:sign-out',
            group,
            label: 'Sign out',
            words: 'log out leave',
            icon: <LogOut />,
            run: signOut,
          },
        ]
      : []
  return [...doing, ...running, ...startable, ...keyed, ...frame, ...leaving]
}

/** To the one that is not shown now. */
function toggleTheme() {
  chooseTheme(document.documentElement.getAttribute('data-theme') === 'dark' ? 'light' : 'dark')
}
