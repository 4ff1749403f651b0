// The same run from a terminal: to be copied. Pure.

import type { Run } from '#src/workflows/contract.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Starts the workflow again; the token comes from the environment, so it is not in the history of the shell. */
export function curlCommand(run: Pick<Run, 'workflowId'>, origin: string): string {
  return [
    `curl -sS -X POST ${quoted(`${origin}/api/v1/workflows/${run.workflowId}/runs`)}`,
    `-H "authorization: Bearer $MAESTRO_TOKEN" -H 'content-type: application/json' -d '{}'`,
  ].join(' \\\n  ')
}

export const cliCommand = (run: Pick<Run, 'workflowId'>): string => `maestro run ${run.workflowId}`
