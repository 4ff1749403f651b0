// What a newcomer finds on the first start: a workflow that runs at once, without a key or a network,
// and says what happens while it does.

import type { WorkflowInput } from '../contract.ts'

export const sampleId = 'sample'

export const sampleWorkflow: WorkflowInput = {
  name: 'First light',
  description: 'Two prompts, played in order as one conversation. Needs no key and no network: press Run and watch.',
  path: '',
  agent: 'fake',
  steps: [
    {
      id: 'welcome',
      name: 'Say hello',
      model: 'sample/violin',
      text: `Welcome to Maestro. This is the first of two prompts.

It is played by the rehearsal agent, which comes with Maestro: it needs no key, stays on this
machine and costs nothing. Its answer appears line by line on the run's page, and stays there.

Say hello, and tell what a workflow is.
`,
    },
    {
      id: 'encore',
      name: 'Go on from there',
      model: 'sample/cello',
      text: `This second prompt began when the first had been answered. It names another model, and the
conversation goes on: whoever plays it knows what was said before.

Sum up what happened, then say what comes next: install an agent and enter its key under Models,
copy this workflow, and write prompts of your own.
`,
    },
  ],
}
