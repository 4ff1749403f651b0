// Starts the page. Before any schema is made zod must not try `new Function`, which the page's content
// policy reports as a violation; so everything else is a chunk that is loaded after this.

import { z } from 'zod'

z.config({ jitless: true })
void import('./start.tsx')
