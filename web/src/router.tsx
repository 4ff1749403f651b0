// The page's routes. What is filtered and selected lives in the address, so it can be shared and
// survives a reload. Heavy pages (editor, run) load when they are first opened.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { Shell } from './app/shell.tsx'
import { route } from './api/paths.ts'
import { NotFoundPage, RouteError } from './pages/not-found.tsx'

const text = z.string().optional().catch(undefined)

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: RouteError })

const score = createRoute({
  getParentRoute: () => rootRoute,
  path: route.score,
  validateSearch: z.object({
    panel: text,
    by: z.enum(['workflow', 'agent']).optional().catch(undefined),
    zoom: z.enum(['hour', 'day', 'week', 'month']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/score/score-page.tsx'), 'ScorePage'),
})
const workflows = createRoute({
  getParentRoute: () => rootRoute,
  path: route.workflows,
  validateSearch: z.object({
    q: text,
    folder: text,
    tag: text,
    sel: z.array(z.string()).optional().catch(undefined),
    panel: text,
  }),
  component: lazyRouteComponent(() => import('./pages/workflows/workflows-page.tsx'), 'WorkflowsPage'),
})
const workflow = createRoute({
  getParentRoute: () => rootRoute,
  path: route.workflow,
  // `folder` is where a new one goes; `show` is what stands beside the steps.
  validateSearch: z.object({ panel: text, folder: text, show: z.enum(['versions']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/editor/editor-page.tsx'), 'EditorPage'),
})
const runs = createRoute({
  getParentRoute: () => rootRoute,
  path: route.runs,
  validateSearch: z.object({
    workflowId: text,
    status: text,
    trigger: text,
    since: text,
    until: text,
    q: text,
    panel: text,
  }),
  component: lazyRouteComponent(() => import('./pages/runs/runs-page.tsx'), 'RunsPage'),
})
const run = createRoute({
  getParentRoute: () => rootRoute,
  path: route.run,
  validateSearch: z.object({
    view: z.enum(['raw', 'compare']).optional().catch(undefined),
    with: text,
    panel: text,
  }),
  component: lazyRouteComponent(() => import('./pages/run/run-page.tsx'), 'RunPage'),
})
const agents = createRoute({
  getParentRoute: () => rootRoute,
  path: route.agents,
  validateSearch: z.object({ panel: text }),
  component: lazyRouteComponent(() => import('./pages/agents-page.tsx'), 'AgentsPage'),
})
const tasks = createRoute({
  getParentRoute: () => rootRoute,
  path: route.tasks,
  // `run`: the form for a new command is open.
  validateSearch: z.object({
    kind: z.enum(['run', 'command']).optional().catch(undefined),
    status: text,
    q: text,
    run: z.boolean().optional().catch(undefined),
    panel: text,
  }),
  component: lazyRouteComponent(() => import('./pages/tasks/tasks-page.tsx'), 'TasksPage'),
})
const task = createRoute({
  getParentRoute: () => rootRoute,
  path: route.task,
  validateSearch: z.object({ panel: text }),
  component: lazyRouteComponent(() => import('./pages/tasks/task-page.tsx'), 'TaskPage'),
})
const approvals = createRoute({
  getParentRoute: () => rootRoute,
  path: route.approvals,
  validateSearch: z.object({ panel: text }),
  component: lazyRouteComponent(() => import('./pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
})
const approval = createRoute({
  getParentRoute: () => rootRoute,
  path: route.approval,
  validateSearch: z.object({ panel: text }),
  component: lazyRouteComponent(() => import('./pages/approvals/approval-page.tsx'), 'ApprovalPage'),
})
const audit = createRoute({
  getParentRoute: () => rootRoute,
  path: route.audit,
  validateSearch: z.object({ tool: text, actor: text, outcome: text, subject: text, panel: text }),
  component: lazyRouteComponent(() => import('./pages/policy/audit-page.tsx'), 'AuditPage'),
})
const rules = createRoute({
  getParentRoute: () => rootRoute,
  path: route.rules,
  // `add`: the form for a new rule is open.
  validateSearch: z.object({ add: z.boolean().optional().catch(undefined), panel: text }),
  component: lazyRouteComponent(() => import('./pages/policy/rules-page.tsx'), 'RulesPage'),
})
const connect = createRoute({
  getParentRoute: () => rootRoute,
  path: route.connect,
  validateSearch: z.object({
    profile: z.enum(['default', 'core', 'full', 'compat', 'workflows']).optional().catch(undefined),
    over: z.enum(['stdio', 'http']).optional().catch(undefined),
    client: text,
    panel: text,
  }),
  component: lazyRouteComponent(() => import('./pages/connect/connect-page.tsx'), 'ConnectPage'),
})
const mcpServers = createRoute({
  getParentRoute: () => rootRoute,
  path: route.mcpServers,
  validateSearch: z.object({ paste: z.boolean().optional().catch(undefined), panel: text }),
  component: lazyRouteComponent(() => import('./pages/mcp-servers/servers-page.tsx'), 'ServersPage'),
})
const mcpServer = createRoute({
  getParentRoute: () => rootRoute,
  path: route.mcpServer,
  /** `from`: the server that a new one begins as a copy of. */
  validateSearch: z.object({ from: text, panel: text }),
  component: lazyRouteComponent(() => import('./pages/mcp-servers/server-page.tsx'), 'ServerPage'),
})
const models = createRoute({
  getParentRoute: () => rootRoute,
  path: route.models,
  validateSearch: z.object({ panel: text }),
  component: lazyRouteComponent(() => import('./pages/models/models-page.tsx'), 'ModelsPage'),
})
const settings = createRoute({
  getParentRoute: () => rootRoute,
  path: route.settings,
  validateSearch: z.object({ panel: text }),
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
})

const tree = rootRoute.addChildren([
  score,
  workflows,
  workflow,
  runs,
  run,
  agents,
  tasks,
  task,
  approvals,
  approval,
  audit,
  rules,
  connect,
  mcpServers,
  mcpServer,
  models,
  settings,
])

export function makeRouter() {
  return createRouter({ routeTree: tree, defaultPreload: 'intent', defaultPendingMinMs: 0 })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
