// The pages about commands and about what agents may do, with something on each.

import type { Approval, Rule } from '#src/calls/contract.ts'
import type { Scene } from './scenes.ts'
import type { TestServer } from './server.ts'

const asksFirst = 'git push *'

/** Runs a command, and makes a rule and a call that waits for it where there are none yet. */
export async function guardScenes(server: TestServer): Promise<Scene[]> {
  const run = (command: string) => server.raw('POST', '/api/v1/tools/maestro_exec', { command, cwd: server.home })
  const ran = (await (await run(String.raw`printf '\033[1mHello\033[0m \033[32mgreen\033[0m\n'; seq 1 80`)).json()) as {
    task_id: string
  }
  const { items: rules } = await server.api<{ items: Rule[] }>('GET', '/rules')
  if (!rules.some((rule) => rule.command === asksFirst))
    await server.api('POST', '/rules', {
      effect: 'ask',
      tool: 'maestro_exec',
      command: asksFirst,
      note: 'Somebody looks first',
    })
  await run('git push origin main')
  const { items } = await server.api<{ items: Approval[] }>('GET', '/approvals?state=pending')
  return [
    { name: 'tasks', address: '/tasks' },
    {
      name: 'tasks-run',
      address: '/tasks',
      act: (page) => page.getByRole('button', { name: 'Run a command' }).first().click(),
    },
    { name: 'task', address: `/tasks/${ran.task_id}`, act: (page) => page.getByText('80', { exact: true }).waitFor() },
    { name: 'approvals', address: '/approvals' },
    { name: 'approval', address: `/approvals/${items[0]?.id}` },
    { name: 'rules', address: '/rules' },
    { name: 'rules-add', address: '/rules', act: (page) => page.getByRole('button', { name: 'Add a rule' }).click() },
    {
      name: 'audit',
      address: '/audit',
      act: async (page) => {
        await page
          .getByRole('button', { name: /^(Succeeded|Failed|Asked first|Refused)/ })
          .first()
          .click()
        await page.getByRole('button', { name: 'Copy: Call' }).first().waitFor()
      },
    },
    { name: 'connect', address: '/connect' },
    { name: 'connect-http', address: '/connect?over=http' },
    { name: 'brakes', address: '/', act: (page) => page.keyboard.press('!') },
  ]
}
