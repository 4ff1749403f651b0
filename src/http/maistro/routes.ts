// The HTTP API of Maistro, kept for its clients: the same paths and shapes below /api, each a translation of
// the tools. What did not work there (moving, running unwatched) works here.

import { z } from 'zod'
import type { Route } from '../route.ts'
import { configRoutes } from './configs.ts'
import { folderRoutes } from './folders.ts'
import { type MaistroDeps, maistroRoute } from './maistro-route.ts'
import { modelRoutes } from './models.ts'
import { serverRoutes } from './servers.ts'

export function maistroRoutes(deps: MaistroDeps): Route[] {
  return [
    {
      ...maistroRoute(deps, {
        method: 'get',
        path: '/api/health',
        id: 'maistro_health',
        summary: 'Is the server alive?',
        description: 'Answers as long as the process does.',
        success: z.object({ status: z.literal('ok') }),
        example: { input: {}, output: { status: 'ok' } },
        answer: () => Promise.resolve({ status: 'ok' }),
      }),
      isOpen: true,
    },
    ...configRoutes(deps),
    ...folderRoutes(deps),
    ...serverRoutes(deps),
    ...modelRoutes(deps),
  ]
}
