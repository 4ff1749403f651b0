// The agents room's table: where each successful turn left its conversation, encrypted.

import type { RoomMigrations } from '#src/store/index.ts'

export const agentsMigrations: RoomMigrations = {
  room: 'agents',
  migrations: [
    {
      id: '001_checkpoints',
      sql: [
        `create table agent_checkpoints (
          turn_id text primary key,
          sealed bytea not null,
          created_at bigint not null
        )`,
      ],
    },
  ],
}
