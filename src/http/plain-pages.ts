// The few pages that are not the application: sign-in refused, page not built, the API by name. Plain HTML
// with one own stylesheet, so that they hold under the same content security policy as everything else.

import type { Route } from './route.ts'

export const plainStylePath = '/plain.css'

export const plainStyle = `:root{color-scheme:light dark;font:16px/1.6 ui-sans-serif,system-ui,sans-serif}
body{max-width:52rem;margin:3rem auto;padding:0 1.25rem}
code,pre{overflow-wrap:anywhere;font:0.9em/1.5 ui-monospace,monospace}
pre{white-space:pre-wrap}
h2{margin-top:2.5rem}
section{border-top:1px solid #8884;padding:0.75rem 0}
section p{margin:0.25rem 0;white-space:pre-line}
`

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function plainPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - Maestro</title>
<link rel="icon" href="/mark.svg">
<link rel="stylesheet" href="${plainStylePath}">
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`
}

export const signInRefusedPage = (reason: string) =>
  plainPage(
    'This link does not sign you in',
    `<p>${escapeHtml(reason)}</p>
<p>Run <code>maestro open</code> on the machine where Maestro runs: it opens a new link.</p>`,
  )

export const notBuiltPage = plainPage(
  'The page is not built yet',
  `<p>The server runs, but the files of its page are missing.</p>
<p>Run <code>npm run build</code> in Maestro's folder, then load this page again. <code>npm start</code> does it by itself.</p>
<p>The API works without it: see <a href="/api-docs">/api-docs</a>.</p>`,
)

export function apiDocsPage(routes: readonly Route[], version: string): string {
  const groups = Map.groupBy(routes, (route) => route.group)
  const parts = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([group, members]) =>
        `<h2 id="${escapeHtml(group)}">${escapeHtml(group)}</h2>\n${members.map(section).join('\n')}`,
    )
  return plainPage(
    'Maestro API',
    `<p>Version ${escapeHtml(version)}. The whole document: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a> (OpenAPI 3.1).</p>
<p>Send <code>Authorization: Bearer mst_…</code> (<code>maestro token create</code>); the page uses its own session.</p>
<p>WebSocket: <code>/ws/runs/{runId}?after=seq</code> sends the events of a run as JSON, then <code>{"type":"end"}</code>.
<code>/ws/execution/{workflowId}</code> tells its runs one after the other in Maistro's seven messages; what they hold is text, to be shown as text.</p>
${parts.join('\n')}`,
  )
}

function section(route: Route): string {
  const list = (what: string, schema: Route['params']) =>
    schema === undefined
      ? ''
      : `<p>${what}: ${Object.keys(schema.shape)
          .map((name) => `<code>${escapeHtml(name)}</code>`)
          .join(', ')}</p>`
  return `<section>
<h3><code>${route.method.toUpperCase()} ${escapeHtml(route.path)}</code></h3>
<p><strong>${escapeHtml(route.summary)}</strong></p>
<p>${escapeHtml(route.description)}</p>
${list('Path', route.params)}${list('Query', route.query)}${list('Body', route.body?.schema)}
</section>`
}
