import { needsPostgres, openPostgresTestStore } from './testing/postgres.ts'
import { openTestStore } from './testing/open-test-store.ts'
import { storeSuite } from './testing/store-suite.ts'

storeSuite({ name: 'embedded', skip: false, open: (migrations) => openTestStore(migrations) })
storeSuite({ name: 'PostgreSQL', skip: needsPostgres().skip, open: (migrations) => openPostgresTestStore(migrations) })
