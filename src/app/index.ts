// Door of the app room.

export { serve } from './serve.ts'
