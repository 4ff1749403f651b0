// What agent processes inherit from the server's environment: an allow-list, since everything else may
// be a secret (model keys, database URLs) or a setting that changes how an agent behaves.

const forAgents = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
] as const

/** For an agent: its HOME and TMPDIR are its own. */
export function agentEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return pick(env, forAgents)
}

/** For its MCP servers: they also get the person's HOME, where npx and uvx keep what they fetched. */
export function serverEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return pick(env, [...forAgents, 'HOME', 'TMPDIR', 'USER', 'LOGNAME'])
}

function pick(env: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const value = env[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(found) }
}
