// Door of the app room.

export { type App, type AppOptions, createApp } from './create-app.ts'
export { serve, type ServeOptions, type Serving } from './serve.ts'
