// Puts the page together: styles, queries, routes, sign-in.

import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import '@fontsource-variable/fraunces/opsz.css'
import 'virtual:theme.css'
import './styles.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Tooltip } from 'radix-ui'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { keys, makeQueryClient } from './api/queries.ts'
import { SessionGate } from './app/session-gate.tsx'
import { makeRouter } from './router.tsx'
import { ToastProvider } from './ui/toast.tsx'

const queries = makeQueryClient(() => void queries.invalidateQueries({ queryKey: keys.session }))
const router = makeRouter()
const root = document.getElementById('root')
if (root === null) throw new Error('the page has no element with id "root"')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Tooltip.Provider delayDuration={350}>
        <ToastProvider>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </ToastProvider>
      </Tooltip.Provider>
    </QueryClientProvider>
  </StrictMode>,
)
